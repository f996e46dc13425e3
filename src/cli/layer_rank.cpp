#include "layer_rank.hpp"

#include <algorithm>

#include "error.hpp"

namespace convmat::cli {
namespace {

bool is_given(const LayerDescription& d, const char* option) {
    return std::ranges::find(d.options, option) != d.options.end();
}

// Lists with a value for each axis, where there is one.
std::size_t longest_list(const LayerDescription& d) {
    std::size_t longest = 0;
    for (const Shape* list : {&d.stride, &d.dilation, &d.output_padding, &d.output_size, &d.lhs_dilation, &d.origin})
        longest = std::max(longest, list->size());
    if (d.padding)
        if (const auto* pairs = std::get_if<std::vector<Padding>>(&*d.padding))
            longest = std::max(longest, pairs->size());
    return std::max(longest, d.boundary.size());
}

[[noreturn]] void refuse_both_readings(const LayerDescription& d, const Shape& array) {
    const Index k = d.kernel.front();
    const std::size_t last = array.size() - 1;
    const Shape picture(array.end() - 2, array.end());
    const std::string on = last == 1 ? " and one channel" : concat(" and ", array[last - 2], " channels");
    const std::string input = d.input_array.empty() ? "" : concat(" --input ", array[last]);
    throw InputError("--kernel-size", concat(k),
                     concat(k, 'x', k, " for a picture of ", to_string(picture), on, ", or --in-channels ",
                            array[last - 1], input, " beside it for one axis of ", array[last]));
}

} // namespace

std::size_t rank_of_input(const LayerDescription& d, const std::optional<Shape>& x_shape) {
    if (!d.input.empty()) return d.input.size();
    const std::size_t stated = d.input_array.size();
    if (stated > 0) return is_given(d, "--in-channels") || stated == 1 ? stated : std::max<std::size_t>(2, stated - 1);
    const std::size_t axes = x_shape ? x_shape->size() : 2;
    return axes == 1 ? 1 : std::max<std::size_t>(2, axes - std::min<std::size_t>(axes, 2));
}

std::size_t rank_of_one_extent(const LayerDescription& d, const std::optional<Shape>& x_shape) {
    if (!d.input.empty()) return d.input.size();
    if (const std::size_t longest = longest_list(d); longest > 1) return longest;
    const bool of_input = !d.input_array.empty();
    const Shape array = of_input || !x_shape ? d.input_array : *x_shape;
    if (array.size() <= 1) return 1;
    if (is_given(d, "--in-channels"))
        return of_input ? array.size() : array.size() - (array.front() == *d.in_channels ? 1 : 2);
    if (of_input && array.size() > 2) return array.size() - 1;
    if (array.size() == 2 && (d.out_channels || d.groups)) return 1; // channels are spoken of: the first axis is theirs
    refuse_both_readings(d, array);
}

} // namespace convmat::cli
