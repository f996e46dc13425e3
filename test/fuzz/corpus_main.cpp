// Feeds the files of a folder to a target, without libFuzzer, so that a corpus is a test in every build: fuzz_corpora
// TARGET FOLDER. The file that is at fault is the last one printed.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "fuzz.hpp"

using namespace convmat;

int main(int argc, char** argv) {
    constexpr std::array<std::pair<std::string_view, void (*)(std::string_view)>, 7> targets = {
        {{"npy", fuzz::npy},
         {"matrix_market", fuzz::matrix_market},
         {"npz", fuzz::npz},
         {"png", fuzz::png},
         {"layer_json", fuzz::layer_json},
         {"kernel", fuzz::kernel},
         {"options", fuzz::options}}};
    if (argc != 3) return 2;
    std::vector<std::filesystem::path> files;
    std::ranges::copy(std::filesystem::directory_iterator(argv[2]), std::back_inserter(files));
    std::ranges::sort(files);
    std::size_t fed = 0;
    for (const auto& [name, target] : targets)
        for (const std::filesystem::path& file : files) {
            if (name != argv[1]) continue;
            std::printf("%s\n", file.c_str());
            std::fflush(stdout);
            target(fuzz::content(file));
            ++fed;
        }
    std::printf("%zu inputs\n", fed);
    return fed == 0 ? 2 : 0;
}
