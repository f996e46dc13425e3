#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <convmat/base/random.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/matrix/pattern.hpp>

#include "checks.hpp"
#include "demo.hpp"
#include "layer.hpp"
#include "output.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

namespace fs = std::filesystem;

// The nearest multiples of max|v| / 127, as integers from -127 to 127: what an int8 network computes with.
Tensor<std::int64_t> quantised(const Tensor<float>& values) {
    double most = 0;
    for (const float value : values.values()) most = std::max(most, std::abs(static_cast<double>(value)));
    Tensor<std::int64_t> integers(values.shape());
    for (Index i = 0; i < values.size(); ++i)
        integers[i] = most == 0 ? 0 : std::llround(static_cast<double>(values[i]) * 127 / most);
    return integers;
}

template <ScalarType S>
bool compare_and_print(const Layer& layer, const Tensor<S>& kernel, const Tensor<S>& input) {
    const ConvGeometry& g = layer.geometry;
    const bool forward = layer.form == Form::matrix;
    const auto other = cast<S>(random_integers(forward ? g.output_shape() : g.input_shape(), 1));
    const auto results = check_layer<S>(g, kernel, forward ? input : other, forward ? other : input);
    for (const Comparison& result : results) print("    " + line_of(result) + "\n");
    return std::ranges::all_of(results, &Comparison::ok);
}

bool demo_layer(const fs::path& folder, const char* about) {
    const AnyTensor input = read_npy(folder / "input.npy");
    const std::string weights = (folder / "weight.npy").string();
    const Layer layer =
        resolve(read_layer_json((folder / "layer.json").string()),
                KernelArray{weights, read_npy(weights), KernelArray::Origin::file}, shape_of(input), "input.npy");
    const ConvPattern<> pattern(layer.geometry, layer.form);
    print(fmt::format("\n{}: {}\n  {} -> {}; its matrix is {} x {} with {} nonzeros\n", folder.filename().string(),
                      about, to_string(layer.input_shape()), to_string(layer.output_shape()), pattern.rows(),
                      pattern.cols(), pattern.nnz()));
    const auto sample = cast<float>(input).reshaped(layer.input_shape());
    const auto kernel = cast<float>(*layer.kernel);
    print("  weights and input as int8 networks have them: exact\n");
    bool equal = compare_and_print(layer, quantised(kernel), quantised(sample));
    print("  weights and input as they are, float32\n");
    equal &= compare_and_print(layer, kernel, sample);
    return equal;
}

} // namespace

bool demo_layers(const fs::path& data) {
    struct Known {
        const char* name;
        const char* about;
    };
    constexpr std::array<Known, 3> layers = {{
        {"esrgan_F_m1", "super-resolution (ESRGAN slim 2x), first layer, 3x3"},
        {"ocr_det_up_2", "text detection (PP-OCRv4), a transposed layer, 2x2 stride 2"},
        {"vad_encoder_1", "voice activity (Silero VAD v5), a 1-D layer, stride 2"},
    }};
    print("\n4. Layers of trained networks\n");
    bool equal = true;
    for (const Known& layer : layers) equal &= demo_layer(data / layer.name, layer.about);
    return equal;
}

} // namespace convmat::cli
