// Feeds files to a fuzzer's target, without libFuzzer: corpus_main FOLDER. So a corpus is a test in every build.
#include <algorithm>
#include <vector>

#include "fuzz.hpp"

int main(int argc, char** argv) {
    std::vector<std::filesystem::path> files;
    for (int i = 1; i < argc; ++i)
        std::ranges::copy(std::filesystem::directory_iterator(argv[i]), std::back_inserter(files));
    std::ranges::sort(files);
    for (const std::filesystem::path& file : files) {
        std::printf("%s\n", file.c_str());
        std::fflush(stdout);
        const std::string bytes = convmat::fuzz::content(file);
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }
    std::printf("%zu inputs\n", files.size());
    return files.empty() ? 2 : 0;
}
