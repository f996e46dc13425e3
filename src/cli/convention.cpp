#include "convention.hpp"

#include <array>

#include "error.hpp"

namespace convmat::cli {
namespace {

struct Named {
    std::string_view name;
    Convention convention;
    std::string_view forward;    ///< letters of a convolution's weights
    std::string_view transposed; ///< of the transposed layer's; empty: the system has none
};

// The first name of a convention is the one that is shown.
constexpr std::array<Named, 21> conventions = {{
    {"convmat", Convention::convmat, "Oik", "Iok"},
    {"pytorch", Convention::pytorch, "Oik", "Iok"},
    {"onnx", Convention::onnx, "Oik", "Iok"},
    {"tensorflow", Convention::tensorflow, "kiO", "koI"},
    {"tensorflow-depthwise", Convention::tensorflow_depthwise, "kIM", ""},
    {"keras", Convention::keras, "kiO", "koI"},
    {"keras-depthwise", Convention::keras_depthwise, "kIM", ""},
    {"jax", Convention::jax, "Oik", "kIO"},
    {"jax-transpose-kernel", Convention::jax_transpose_kernel, "", "kOI"},
    {"mxnet", Convention::mxnet, "Oik", "Iok"},
    {"onednn", Convention::onednn, "Oik", "OIk"},
    {"matlab", Convention::matlab, "k", ""},
    {"octave", Convention::matlab, "k", ""},
    {"scipy", Convention::scipy_convolve, "k", ""},
    {"scipy-convolve", Convention::scipy_convolve, "k", ""},
    {"scipy-correlate", Convention::scipy_correlate, "k", ""},
    {"scipy-convolve2d", Convention::scipy_convolve2d, "k", ""},
    {"scipy-correlate2d", Convention::scipy_correlate2d, "k", ""},
    {"ndimage", Convention::ndimage_convolve, "k", ""},
    {"ndimage-convolve", Convention::ndimage_convolve, "k", ""},
    {"ndimage-correlate", Convention::ndimage_correlate, "k", ""},
}};

const Named& entry_of(Convention convention) {
    for (const Named& known : conventions)
        if (known.convention == convention) return known;
    return conventions.front();
}

std::string_view word_of(char letter) {
    switch (letter) {
    case 'O':
        return "out";
    case 'o':
        return "out/groups";
    case 'I':
        return "in";
    case 'i':
        return "in/groups";
    case 'g':
        return "groups";
    case 'M':
        return "multiplier";
    default:
        return "k...";
    }
}

} // namespace

Convention parse_convention(std::string_view name, std::string_view text) {
    std::string names;
    for (const Named& known : conventions) {
        if (known.name == text) return known.convention;
        names += concat(names.empty() ? "" : ", ", known.name);
    }
    throw InputError(name, text, "one of " + names);
}

std::string_view name_of(Convention convention) { return entry_of(convention).name; }

std::string_view weight_letters(Convention convention, Form form, bool with_groups) {
    const Named& known = entry_of(convention);
    const std::string_view letters = form == Form::matrix ? known.forward : known.transposed;
    if (letters.empty())
        throw InputError("--convention", known.name,
                         form == Form::matrix ? "--transposed with it"
                                              : "no --transposed with it: it has no such layer");
    return convention == Convention::onednn && with_groups ? "goik" : letters;
}

std::string weight_axes(std::string_view letters) {
    std::string text;
    for (const char letter : letters) text += concat(text.empty() ? "(" : ", ", word_of(letter));
    return text + ")";
}

} // namespace convmat::cli
