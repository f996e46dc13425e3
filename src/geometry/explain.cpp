#include <convmat/geometry/conv_geometry.hpp>

#include <algorithm>

#include <convmat/base/error.hpp>

namespace convmat {
namespace {

std::string signed_term(Index value) { return value < 0 ? concat(" - ", -value) : concat(" + ", value); }

std::string explain_output(const Axis& axis) {
    std::string text = concat("m = floor((", axis.input, signed_term(axis.padding.begin), signed_term(axis.padding.end),
                              " - ", axis.effective_kernel(), ") / ", axis.stride, ") + 1 = ", axis.formula_output());
    if (axis.dilation > 1)
        text += concat(", where the kernel of ", axis.kernel, " reaches over ", axis.effective_kernel(), " = ",
                       axis.dilation, "*(", axis.kernel, "-1)+1 positions");
    if (axis.output < axis.formula_output()) text += concat("; the layer keeps the first ", axis.output, " of them");
    return text + ".";
}

// What lies outside the input on this axis, if a window can reach it.
std::string explain_boundary(const Axis& axis) {
    const bool reads_outside = axis.padding.begin > 0 || axis.padding.end > 0;
    std::string text;
    if (reads_outside)
        text += concat(" Positions outside the input are ", to_string(axis.boundary), ", and the transpose ",
                       axis.boundary == Boundary::zero ? "drops what lands there." : "folds what lands there back in.");
    if (axis.padding.begin < 0 || axis.padding.end < 0) text += " Negative padding crops the input.";
    return text;
}

// What the transposed layer does about the padded positions after the last window.
std::string explain_remainder(const Axis& axis) {
    const Index remainder = axis.remainder();
    if (remainder == 0)
        return concat(" The windows end exactly at the padded input's end, so the transposed layer writes ", axis.input,
                      " positions with output padding 0.");
    const Index unreached = remainder - std::max<Index>(axis.padding.end, 0);
    return concat(" ", remainder, " padded position", remainder == 1 ? "" : "s", " after the last window ",
                  remainder == 1 ? "is" : "are", " never read: the transposed layer needs output padding ", remainder,
                  " to write ", axis.input, " positions; ",
                  unreached > 0 ? concat("no window reaches the last ", unreached, " of them.")
                                : std::string("this only moves its crop, it adds no zeros."));
}

std::string explain_preimages(const Axis& axis, const ConvGeometry::Extents& same) {
    if (same.first == same.last || axis.input > same.last) return {};
    return concat(" Inputs of ", same.first, " to ", same.last, " all give ", axis.output, " outputs.");
}

} // namespace

std::string ConvGeometry::explain() const {
    std::string text = concat("W maps ", to_string(input_shape()), " to ", to_string(output_shape()),
                              " (channels x positions): ", rows(), " rows, ", cols(), " columns.\n");
    if (groups_ > 1)
        text +=
            concat("Its ", groups_, " groups read ", in_channels_per_group(), " and write ", out_channels_per_group(),
                   " channels each", groups_ == in_channels_ ? " (depthwise)" : "", ": W is block diagonal.\n");
    const std::vector<Extents> same = preimages();
    for (Index j = 0; j < rank(); ++j)
        text += concat("Axis ", j, ": ", explain_output(axis(j)), explain_boundary(axis(j)), explain_remainder(axis(j)),
                       explain_preimages(axis(j), same[static_cast<std::size_t>(j)]), "\n");
    return text;
}

} // namespace convmat
