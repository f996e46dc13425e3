#include "layer_options.hpp"

#include <utility>

#include "error.hpp"
#include "layer_rank.hpp"

namespace convmat::cli {

void LayerOptions::add_to(CommandLine& line) {
    line.heading(layer_heading);
    line.text("--input", "3x64x64", input_,
              "Channels x spatial extents of what the layer reads; without channels they are the kernel's, or 1. "
              "Taken from --x where that is given");
    line.input("--kernel", "KERNEL", kernel_,
               "A file w.npy of shape (out, in/groups, k...), for a transposed layer (in, out/groups, k...): the same "
               "array; or numbers 0,1;2,3 (1-D: 1,2,1); or a name, as gaussian:5:1.2. Numbers, named kernels and files "
               "with spatial axes only are applied to each channel (groups = channels); with --groups or "
               "--out-channels every pair of channels of a group gets them (--out-channels alone: one group)",
               kernel_names());
    line.text(
        "--kernel-size", "3x3", kernel_size_,
        "Spatial extents of the kernel, where its values do not matter; one value for all axes of an --input with "
        "channels before them");
    line.text("--in-channels", "N", in_channels_,
              "Channels the layer reads: --input is then the spatial extents alone");
    line.text("--out-channels", "N", out_channels_, "Channels the layer writes");
    line.text("--groups", "N", groups_, "Groups of channels, default 1 for a file of weights");
    line.text("--stride", "2|2x1", stride_, "One value, or one an axis; default 1");
    line.text("--dilation", "2|2x1", dilation_, "Likewise");
    line.text("--padding", "1|1x2|1:2x0:1", padding_,
              "One value, one an axis, or begin:end an axis; negative ones crop. Or a rule: valid, full, same "
              "(= same_upper: the odd position at the end), same_lower. Default 0",
              {"valid", "full", "same", "same_upper", "same_lower"});
    line.text("--boundary", "NAME", boundary_,
              "What is outside: zero periodic half_symmetric whole_symmetric replicate antireflective; one, or one an "
              "axis as in periodic,zero. Default zero",
              boundary_names());
    line.flag("--transposed", transposed_, "The transposed layer: --input and channels are what *it* reads, it is W^T");
    line.text("--output-padding", "1|1x0", output_padding_, "Of a transposed layer");
    line.text("--output-size", "8x8", output_size_, "Of a transposed layer, instead of --output-padding");
    line.input("--layer", "FILE.json", file_,
               "The layer as JSON: in_channels out_channels groups input kernel stride dilation padding boundary "
               "transposed output_padding output_size; options given besides override it");
    add_conventions_to(line);
}

void LayerOptions::add_conventions_to(CommandLine& line) {
    line.text(
        "--convention", "NAME", convention_,
        concat("Whose words the options above are: ", convention_names(),
               ". --padding and --boundary then take that system's names, --dilation counts as it does, a file of "
               "weights has its axes; the rules for --padding of matlab, scipy and numpy are full same valid. --input "
               "and arrays stay channels first. docs/conventions.md"),
        all_convention_names());
    line.text("--lhs-dilation", "2|2x1", lhs_dilation_, "Of --convention jax");
    line.text("--origin", "0|1x-1", origin_, "Of --convention ndimage");
}

void LayerOptions::read_convention(LayerDescription& d) const {
    const Convention& convention = parse_convention("--convention", convention_.value_or("convmat"));
    d.convention = &convention;
    if (convention.is_own) {
        const std::string elsewhere = concat("no such option with --convention ", convention.name);
        if (lhs_dilation_) throw InputError("--lhs-dilation", *lhs_dilation_, elsewhere);
        if (origin_) throw InputError("--origin", *origin_, elsewhere);
        if (padding_) d.padding = parse_padding("--padding", *padding_);
        if (boundary_) d.boundary = parse_boundaries("--boundary", *boundary_);
        return;
    }
    if (file_) throw InputError("--layer", *file_, "no layer file, which is in convmat's words, beside --convention");
    d.padding_text = padding_;
    d.boundary_text = boundary_;
}

LayerDescription LayerOptions::of_options() const {
    LayerDescription d;
    read_convention(d);
    const auto note = [&d](const char* option) { d.options.emplace_back(option); };
    const auto read = [&](const char* option, const std::optional<std::string>& text, auto& target, auto parse) {
        if (!text) return;
        target = parse(option, *text);
        note(option);
    };
    if (padding_) note("--padding");
    if (boundary_) note("--boundary");
    read("--input", input_, d.input_array, parse_extents);
    read("--kernel-size", kernel_size_, d.kernel, parse_extents);
    read("--in-channels", in_channels_, d.in_channels, parse_integer);
    read("--out-channels", out_channels_, d.out_channels, parse_integer);
    read("--groups", groups_, d.groups, parse_integer);
    read("--stride", stride_, d.stride, parse_extents);
    read("--dilation", dilation_, d.dilation, parse_extents);
    read("--output-padding", output_padding_, d.output_padding, parse_extents);
    read("--output-size", output_size_, d.output_size, parse_extents);
    read("--lhs-dilation", lhs_dilation_, d.lhs_dilation, parse_extents);
    read("--origin", origin_, d.origin, parse_extents);
    if (transposed_) d.transposed = true;
    return d;
}

LayerDescription LayerOptions::description() const {
    LayerDescription d = of_options();
    if (!file_) return d;
    LayerDescription layer = read_layer_json(*file_);
    override_with(layer, d);
    return layer;
}

bool LayerOptions::given() const {
    const auto d = description();
    return kernel_ || file_ || d.transposed || !d.options.empty();
}

bool LayerOptions::input_given() const {
    const auto d = description();
    return !d.input.empty() || !d.input_array.empty();
}

void LayerOptions::pad_by_default(const std::string& rule) {
    if (!padding_ && !file_ && !convention_) padding_ = rule;
}

void LayerOptions::write_channels_by_default(Index channels) {
    if (!description().out_channels) out_channels_ = std::to_string(channels);
}

Layer LayerOptions::layer(const std::optional<Shape>& x_shape, const char* x_option) const {
    std::optional<KernelArray> kernel;
    LayerDescription d = description();
    if (kernel_) kernel = read_kernel(*kernel_, rank_of_input(d, x_shape));
    return resolve(std::move(d), std::move(kernel), x_shape, x_option);
}

Layer LayerOptions::layer_with_weights(const std::optional<Shape>& x_shape, const char* x_option) const {
    required("--kernel", kernel_, "the weights: a .npy file, numbers such as 0,1;2,3, or a named kernel such as box:3");
    return layer(x_shape, x_option);
}

} // namespace convmat::cli
