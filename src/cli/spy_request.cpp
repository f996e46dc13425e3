#include "spy_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <convmat/base/error.hpp>
#include <convmat/io/any.hpp>
#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npz.hpp>
#include <convmat/picture/maps.hpp>
#include <convmat/picture/steps.hpp>

#include "error.hpp"
#include "extents.hpp"
#include "finite.hpp"
#include "kernel.hpp"
#include "names.hpp"
#include "picture_file.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

template <class Value, std::size_t count>
using Names = std::array<std::pair<std::string_view, Value>, count>;

constexpr Names<Shown, 8> shown_names = {{{"matrix", Shown::matrix},
                                          {"pair", Shown::pair},
                                          {"row", Shown::row},
                                          {"column", Shown::column},
                                          {"stamps", Shown::stamps},
                                          {"pad", Shown::pad},
                                          {"overlap", Shown::overlap},
                                          {"checkerboard", Shown::checkerboard}}};

constexpr Names<SpyColour, 4> colour_names = {{{"value", SpyColour::value},
                                               {"tap", SpyColour::tap},
                                               {"channels", SpyColour::channels},
                                               {"density", SpyColour::density}}};

template <class Value, std::size_t count>
std::vector<std::string> words_of(const Names<Value, count>& names) {
    std::vector<std::string> words;
    for (const auto& name : names) words.emplace_back(name.first);
    return words;
}

template <class Value, std::size_t count>
Value parse_name(const char* option, const std::string& text, const Names<Value, count>& names) {
    for (const auto& [name, value] : names)
        if (name == text) return value;
    throw InputError(option, text, one_of(text, words_of(names)));
}

std::string positions_of(const Shape& shape) {
    std::string first = "0";
    for (std::size_t axis = 2; axis < shape.size(); ++axis) first += ",0";
    if (shape.front() == 1)
        return "a position in " + to_string(Shape(shape.begin() + 1, shape.end())) + ", such as " + first;
    return "channel:position in " + to_string(shape) + ", such as 0:" + first;
}

// As the pictures label it: "1:2,3", channel 1 at (2, 3), or "2,3" where there is one channel (2x3 too): the flat
// index.
Index parse_position(const std::string& text, const Shape& shape) {
    std::string joined = text;
    std::ranges::replace(joined, ',', 'x');
    const std::vector<std::string_view> parts = split(joined, ':');
    std::vector<std::string_view> numbers = split(parts.back(), 'x');
    if (parts.size() == 2) numbers.insert(numbers.begin(), parts.front());
    if (parts.size() == 1 && shape[0] == 1) numbers.insert(numbers.begin(), "0");
    if (parts.size() > 2 || numbers.size() != shape.size()) throw InputError("--at", text, positions_of(shape));
    Index index = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        Index at = -1;
        const auto [end, error] =
            std::from_chars(numbers[axis].data(), numbers[axis].data() + numbers[axis].size(), at);
        const bool number = error == std::errc() && end == numbers[axis].data() + numbers[axis].size();
        if (!number || at < 0 || at >= shape[axis]) throw InputError("--at", text, positions_of(shape));
        index = index * shape[axis] + at;
    }
    return index;
}

// An array of --x or --kernel as real numbers.
Tensor<double> real_values(const char* option, const AnyTensor& array) {
    require_finite(option, array);
    return std::visit(
        [&]<class Array>(const Array& values) -> Tensor<double> {
            if constexpr (is_complex<typename Array::Scalar>)
                throw InputError(option, "complex", "real numbers, for this picture");
            else
                return detail::as_double(values);
        },
        array);
}

// What the transposed layer reads: --x, or 1, 2, 3, ...
Tensor<double> stamped(const std::optional<std::string>& x, const ConvGeometry& geometry) {
    constexpr Index most = 16;
    const Shape shape = geometry.output_shape();
    if (geometry.rows() > most)
        throw InputError("--show", "stamps", concat("at most ", most, " of them, not ", geometry.rows()));
    Tensor<double> y(shape);
    for (Index i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i + 1);
    if (!x) return y;
    const Tensor<double> read = real_values("--x", read_array("--x", *x));
    if (read.size() != y.size())
        throw InputError("--x", concat(read.size(), " values"), concat(y.size(), ", for shape ", to_string(shape)));
    return read.reshaped(shape);
}

Tensor<double> ones(const Shape& shape) {
    Tensor<double> array(shape);
    std::ranges::fill(array.values(), 1.0);
    return array;
}

} // namespace

void SpyRequest::add_to(CommandLine& line) {
    layer.add_to(line);
    line.heading("Options");
    line.input("--matrix", "FILE", matrix, "A matrix of any kind instead of a layer's: .mtx, or .npz of scipy.sparse");
    line.text(
        "--show", "WHAT", show,
        "matrix (default); pair: W beside W^T; row, column: one of W and what it reads or feeds; stamps: W^T step "
        "by step; pad: the pad matrices; overlap: how many stamps cover each position; checkerboard: W^T 1",
        words_of(shown_names));
    line.text("--at", "POSITION", at,
              "Of row: an output, of column: an input, as the pictures label them: 2,3, or 1:2,3 of channel 1; default "
              "the middle");
    line.input("--x", "ARRAY", x, "What stamps are made of: a .npy file or '1,2;3,4'; default 1, 2, 3, ...");
    line.text("--colour", "BY", colour,
              "value, tap, channels or density; default tap, or density where cells hold several entries",
              words_of(colour_names));
    line.text("--cells", "ROWSxCOLS", cells,
              "Show a larger matrix in so many cells; default 160x200, or what the terminal has");
    line.text("--title", "TEXT", title, "Of a picture of a matrix");
    line.output("--out", "FILE", out, "Where to: .svg, .png or .txt; default the terminal");
}

Shown SpyRequest::shown() const { return show ? parse_name("--show", *show, shown_names) : Shown::matrix; }

SpyColour SpyRequest::spy_colour() const {
    return colour ? parse_name("--colour", *colour, colour_names) : SpyColour::automatic;
}

void SpyRequest::refuse_what_is_wrong() const {
    require_picture_file(out);
    const Shown what = shown();
    const SpyColour by = spy_colour();
    if (matrix && layer.given()) throw InputError("--matrix", *matrix, "no options of a layer beside it");
    if (matrix && what != Shown::matrix) throw InputError("--show", *show, "matrix, for a file of --matrix");
    if (matrix && (by == SpyColour::tap || by == SpyColour::channels))
        throw InputError("--colour", *colour, "value or density, for a file of --matrix");
    if (at && what != Shown::row && what != Shown::column)
        throw InputError("--at", *at, "--show row or --show column beside it");
    if (x && what != Shown::stamps) throw InputError("--x", *x, "--show stamps beside it");
    const bool of_matrix = what == Shown::matrix || what == Shown::pair;
    for (const auto& [option, value] : {std::pair("--colour", &colour), {"--cells", &cells}, {"--title", &title}})
        if (*value && !of_matrix) throw InputError(option, **value, "--show matrix or --show pair beside it");
}

Figure SpyRequest::figure_of_file(const SpyOptions& options) const {
    const bool npz = matrix->ends_with(".npz");
    if (!npz && !matrix->ends_with(".mtx") && *matrix != "/dev/stdin")
        throw InputError("--matrix", *matrix, "a file that ends in .mtx or .npz");
    const AnySparse any = npz ? read_scipy_npz(*matrix) : read_matrix_market(*matrix);
    try {
        return std::visit([&](const auto& a) { return spy(a, options); }, any);
    } catch (const ArgumentError& error) {
        throw InputError("--matrix", *matrix, concat("a matrix that can be drawn: ", wanted_instead(error.fault())));
    }
}

Figure SpyRequest::figure_of_matrix(const Layer& described, const SpyOptions& options) const {
    const ConvGeometry& g = described.geometry;
    const AnyTensor kernel = described.kernel ? *described.kernel : AnyTensor(ones(g.kernel_shape()));
    require_finite("--kernel", kernel);
    return std::visit(
        [&](const auto& k) {
            return shown() == Shown::pair ? spy_pair(g, k, options) : spy(g, k, described.form, options);
        },
        kernel);
}

Index SpyRequest::position(const Shape& shape) const {
    if (at) return parse_position(*at, shape);
    Index middle = 0;
    for (std::size_t axis = 1; axis < shape.size(); ++axis) middle = middle * shape[axis] + shape[axis] / 2;
    return middle;
}

Figure SpyRequest::figure_of_arrays(const Layer& described) const {
    const ConvGeometry& g = described.geometry;
    const Shown what = shown();
    if (what == Shown::pad) return pad_figure(g);
    if (what == Shown::overlap) return overlap_figure(g);
    const Tensor<double> k = described.kernel ? real_values("--kernel", *described.kernel) : ones(g.kernel_shape());
    if (what == Shown::row) return row_figure(g, k, position(g.output_shape()));
    if (what == Shown::column) return column_figure(g, k, position(g.input_shape()));
    if (what == Shown::stamps) return stamps_figure(g, k, stamped(x, g));
    return checkerboard_figure(g, k);
}

Figure SpyRequest::figure_of_layer(const Layer& described, const SpyOptions& options) const {
    if (shown() == Shown::matrix || shown() == Shown::pair) return figure_of_matrix(described, options);
    const auto refused = [&](const Error& error) {
        return InputError("--show", *show,
                          concat("a layer that can be drawn entry by entry: ", wanted_instead(error.fault())));
    };
    try {
        return figure_of_arrays(described);
    } catch (const ArgumentError& error) {
        throw refused(error);
    } catch (const ShapeError& error) {
        throw refused(error);
    }
}

Figure SpyRequest::figure(SpyOptions options) const {
    options.colour = spy_colour();
    options.title = title.value_or("");
    if (cells) {
        constexpr Index most = 1000;
        const Shape extents = parse_extents("--cells", *cells);
        if (extents.size() != 2 || std::ranges::min(extents) < 1 || std::ranges::max(extents) > most)
            throw InputError("--cells", *cells, concat("rows x columns, each from 1 to ", most));
        options.most_rows = extents[0];
        options.most_cols = extents[1];
    }
    return matrix ? figure_of_file(options) : figure_of_layer(layer.layer(), options);
}

} // namespace convmat::cli
