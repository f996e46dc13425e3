#pragma once

#include <filesystem>

#include <convmat/base/tensor.hpp>

namespace convmat::cli {

/// Where the photograph and the layers are: installed beside the program, at the install prefix, or in the source tree.
/// Throws InputError when they are nowhere.
std::filesystem::path data_directory();

// The four parts of the demonstration. Each prints what it finds, and returns whether every comparison came out equal.
bool demo_chapter();
bool demo_photograph(const std::filesystem::path& image, const std::filesystem::path& out_dir);
bool demo_restoration(const std::filesystem::path& image, const std::filesystem::path& out_dir);
bool demo_layers(const std::filesystem::path& data);

} // namespace convmat::cli
