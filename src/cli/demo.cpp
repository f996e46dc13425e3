#include "demo.hpp"

#include <array>
#include <vector>

#include <convmat/io/image.hpp>
#include <convmat/io/output_file.hpp>

#include "commands.hpp"
#include "error.hpp"
#include "output.hpp"

namespace convmat::cli {

namespace fs = std::filesystem;

fs::path data_directory() {
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const std::array<fs::path, 3> places = {program.parent_path().parent_path() / "share/convmat",
                                            CONVMAT_INSTALLED_DATA, CONVMAT_SOURCE_DATA};
    for (const fs::path& place : places)
        if (fs::exists(place / "ascent.png", ignored)) return place;
    throw InputError("demo", "no photograph in " + places[1].string(), "the data that is installed with convmat");
}

namespace {

// The folder of the pictures. Where nothing could be put into it, it goes away again, with those made above it.
class PictureFolder {
  public:
    explicit PictureFolder(const fs::path& path) {
        std::error_code error;
        for (fs::path part = fs::absolute(path, error); !error && !fs::exists(part, error); part = part.parent_path())
            made_.push_back(part);
        fs::create_directories(path, error);
        if (!fs::is_directory(path, error)) throw InputError("--out-dir", path.string(), "a folder that can be made");
        const OutputFile tried(path / "input.png");
    }
    ~PictureFolder() {
        std::error_code ignored;
        for (const fs::path& part : made_)
            if (!fs::remove(part, ignored)) return; // it holds something
    }
    PictureFolder(const PictureFolder&) = delete;
    PictureFolder& operator=(const PictureFolder&) = delete;

  private:
    std::vector<fs::path> made_; // the innermost first
};

class Demo final : public Command {
    std::optional<std::string> out_dir_, image_;

    CommandSummary summary() const override {
        return {"demo",
                "The textbook chapter, a photograph blurred and restored, and trained layers, with pictures",
                "the textbook chapter's numbers, a photograph through a motion blur and back, and layers of trained "
                "networks: each as a sparse matrix, compared with plain loops.",
                {"convmat demo --out-dir pictures"}};
    }

    void add_to(CommandLine& line) override {
        line.text("--out-dir", "DIR", out_dir_, "Where the pictures go; default convmat-demo");
        line.text("--image", "FILE.png", image_,
                  "A photograph of your own; of a coloured one, the mean of the colours");
    }

    int run() override;
};

int Demo::run() {
    const fs::path data = data_directory();
    const fs::path photograph = image_ ? fs::path(*image_) : data / "ascent.png";
    (void)read_png(photograph); // what is no picture is said before anything is computed
    const PictureFolder folder(out_dir_.value_or("convmat-demo"));
    Gallery gallery{out_dir_.value_or("convmat-demo")};
    bool equal = demo_chapter();
    equal &= demo_photograph(photograph, gallery);
    equal &= demo_restoration(photograph, gallery);
    equal &= demo_layers(data / "layers");
    gallery.files.commit();
    print(equal ? "\nEvery comparison came out equal.\n" : "\nA comparison FAILED.\n");
    return equal ? 0 : 1;
}

} // namespace

std::unique_ptr<Command> demo() { return std::make_unique<Demo>(); }

} // namespace convmat::cli
