#include "demo.hpp"

#include <array>

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

void make_directory(const fs::path& path) {
    std::error_code error;
    fs::create_directories(path, error);
    if (!fs::is_directory(path, error)) throw InputError("--out-dir", path.string(), "a folder that can be made");
}

} // namespace

int demo(const Arguments& arguments) {
    std::optional<std::string> out_dir, image;
    CommandLine line(
        "demo",
        "The textbook chapter's numbers, a photograph through a motion blur and back, and layers of trained networks: "
        "each as a sparse matrix, compared with plain loops",
        "  convmat demo --out-dir pictures");
    line.text("--out-dir", "DIR", out_dir, "Where the pictures go; default convmat-demo");
    line.text("--image", "FILE.png", image, "A photograph of your own; of a coloured one, the mean of the colours");
    if (!line.parse(arguments)) return 0;

    const fs::path pictures = out_dir.value_or("convmat-demo");
    const fs::path data = data_directory();
    const fs::path photograph = image ? fs::path(*image) : data / "ascent.png";
    bool equal = demo_chapter();
    equal &= demo_photograph(photograph, (make_directory(pictures), pictures));
    equal &= demo_restoration(photograph, pictures);
    equal &= demo_layers(data / "layers");
    print(equal ? "\nEvery comparison came out equal.\n" : "\nA comparison FAILED.\n");
    return equal ? 0 : 1;
}

} // namespace convmat::cli
