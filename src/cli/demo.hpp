#pragma once

#include <filesystem>

#include <convmat/base/tensor.hpp>
#include <convmat/io/output_file.hpp>

namespace convmat::cli {

/// Where the photograph and the layers are: installed beside the program, at the install prefix, or in the source tree.
/// Throws InputError when they are nowhere.
std::filesystem::path data_directory();

/// Where the pictures go, all at once in the end.
struct Gallery {
    std::filesystem::path folder;
    OutputFiles files = {};
};

// The four parts of the demonstration. Each prints what it finds, and returns whether every comparison came out equal.
bool demo_chapter();
bool demo_photograph(const std::filesystem::path& image, Gallery& gallery);
bool demo_restoration(const std::filesystem::path& image, Gallery& gallery);
bool demo_layers(const std::filesystem::path& data);

} // namespace convmat::cli
