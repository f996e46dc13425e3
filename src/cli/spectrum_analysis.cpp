#include <algorithm>

#include <fmt/format.h>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/io/output_file.hpp>
#include <convmat/matrix_free/conv_operator.hpp>

#include "error.hpp"
#include "output.hpp"
#include "scalars.hpp"
#include "spectrum_request.hpp"

namespace convmat::cli {
namespace {

// Each column as an image of shape (C, n...).
template <class Value>
Tensor<Value> images(const Eigen::SparseMatrix<Value>& columns, Shape shape) {
    shape.insert(shape.begin(), columns.cols());
    Tensor<Value> images(shape);
    for (Index j = 0; j < columns.outerSize(); ++j)
        for (typename Eigen::SparseMatrix<Value>::InnerIterator entry(columns, j); entry; ++entry)
            images[j * columns.rows() + entry.row()] = entry.value();
    return images;
}

// The first of some images, a line for each line of its last axis.
template <class Value>
std::string first_as_text(const Tensor<Value>& images) {
    const Index length = images.shape().back();
    const Index size = images.size() / images.shape().front();
    std::string text;
    for (Index i = 0; i < size; ++i) {
        text += i % length == 0 ? "  " : " ";
        if constexpr (is_complex<Value>)
            text += fmt::format("{:>22}", fmt::format("{:.4g}{:+.4g}i", images[i].real(), images[i].imag()));
        else
            text += fmt::format("{:>11.4g}", images[i]);
        if (i % length == length - 1) text += "\n";
    }
    return text;
}

// The largest ||W n|| / ||n|| of some images.
template <class S, class Value>
double worst_residual(const ConvGeometry& geometry, const Tensor<S>& kernel, const Tensor<Value>& images) {
    const ConvOperator<Value> w(geometry, detail::widened<Value>(kernel));
    using Vector = Eigen::Matrix<Value, Eigen::Dynamic, 1>;
    Vector product(geometry.rows());
    double worst = 0;
    for (Index i = 0; i < images.shape().front(); ++i) {
        const Eigen::Map<const Vector> image(images.data() + i * geometry.cols(), geometry.cols());
        w.apply(image.data(), product.data());
        worst = std::max(worst, product.norm() / image.norm());
    }
    return worst;
}

// Everything that is computed of a layer, in the scalar of its weights; what it writes, it writes last.
template <ScalarType S>
class Analysis {
  public:
    using Value = Spectral<S>;

    Analysis(const SpectrumRequest& request, const Layer& layer)
        : request_(request),
          layer_(layer),
          kernel_(std::get<Tensor<S>>(*layer.kernel)),
          found_{.layer = layer} {}

    SpectrumFindings run(OutputFiles& files) {
        {
            const Progress progress("computing singular values, rank and bounds");
            found_.report = spectrum_report(layer_.geometry, kernel_, request_.report());
            need_all_values();
            find_ends();
            find_checkerboard();
            find_null_space();
        }
        write_files(files);
        return std::move(found_);
    }

  private:
    using Triplets = SingularTriplets<Value>;

    void need_all_values();
    void find_ends();
    void find_checkerboard();
    void find_null_space();
    void write_files(OutputFiles& files);
    void write_vectors(OutputFile& file);

    const SpectrumRequest& request_;
    const Layer& layer_;
    const Tensor<S>& kernel_;
    SpectrumFindings found_;
    std::optional<Triplets> top_, bottom_;
    std::optional<Tensor<Value>> null_images_;
};

// The report stops at lists that take minutes; who asks for one gets it.
template <ScalarType S>
void Analysis<S>::need_all_values() {
    found_.list_all = request_.all;
    SpectrumReport& report = found_.report;
    if ((!request_.all && !request_.plot) || !report.singular_values.empty()) return;
    try {
        SingularValues all = singular_values(layer_.geometry, kernel_, request_.spectrum());
        report.singular_values = std::move(all.values);
        report.singular_values_error = all.error;
        report.singular_values_method = all.method;
    } catch (const SizeError& error) {
        const std::string why =
            concat("a layer whose singular values are all within reach: ", wanted_instead(error.fault()));
        if (request_.plot) throw InputError("--plot", *request_.plot, why);
        throw InputError("--all", "given", why);
    }
}

template <class Triplets>
EndValues values_of(const Triplets& triplets) {
    return {triplets.values, triplets.errors, triplets.residuals, triplets.converged, triplets.method};
}

template <ScalarType S>
void Analysis<S>::find_ends() {
    const Index most = std::min(found_.rows(), found_.cols());
    const auto count = [&](const char* option, const std::string& text) {
        return std::min(parse_count(option, text), most);
    };
    const SpectrumOptions how = request_.spectrum();
    if (request_.top) top_ = largest_singular_triplets(layer_.geometry, kernel_, count("--top", *request_.top), how);
    if (request_.bottom)
        bottom_ = smallest_singular_triplets(layer_.geometry, kernel_, count("--bottom", *request_.bottom), how);
    if (top_) found_.largest = values_of(*top_);
    if (bottom_) found_.smallest = values_of(*bottom_);
}

template <ScalarType S>
void Analysis<S>::find_checkerboard() {
    const auto axes = layer_.geometry.axes();
    const bool strided = std::ranges::any_of(axes, [](const Axis& axis) { return axis.stride > 1; });
    constexpr Index most_phases = 1000; // on an axis: beyond, most outputs are painted by nothing
    const bool sparse = std::ranges::any_of(axes, [](const Axis& axis) { return axis.stride > most_phases; });
    if ((strided || layer_.form == Form::transpose) && !sparse)
        found_.checkerboard = checkerboard_of(layer_.geometry, kernel_);
}

template <ScalarType S>
void Analysis<S>::find_null_space() {
    constexpr Index small = 64;
    const bool shown =
        layer_.form == Form::matrix && layer_.geometry.cols() <= small && found_.nullity().value_or(0) > 0;
    if (!request_.null_space && !shown) return;
    if (request_.null_space && !found_.nullity())
        throw InputError("--null-space", *request_.null_space,
                         "a layer whose rank is within reach: " + found_.report.no_rank);
    const Index values = checked_mul(*found_.nullity(), found_.cols(), "null space");
    require_memory(checked_mul(values, sizeof(Value), "null space"), "null space as images");
    const NumericalRank& rank = *found_.report.rank; // tolerance 0: the rank of the integers
    const RankOptions how = {rank.tolerance > 0 ? std::optional(rank.tolerance) : request_.report().rank_tolerance,
                             request_.spectrum(), rank.rank};
    Tensor<Value> basis = images(null_space(layer_.geometry, kernel_, how), layer_.geometry.input_shape());
    if (shown && basis.size() > 0) found_.null_vector = first_as_text(basis);
    if (!request_.null_space) return;
    found_.null_space_residual = worst_residual(layer_.geometry, kernel_, basis);
    null_images_ = std::move(basis);
}

// Of --top, then of --bottom. W^T conj(u) = σ conj(v): a transposed layer reads the left vectors.
template <ScalarType S>
void Analysis<S>::write_vectors(OutputFile& file) {
    const auto of = [&](const Triplets& t) { return layer_.form == Form::matrix ? t.right : t.left; };
    std::vector<Value> values;
    Shape shape = layer_.input_shape();
    shape.insert(shape.begin(), 0);
    for (const auto* end : {&top_, &bottom_}) {
        if (!*end) continue;
        const Tensor<Value> vectors = of(**end);
        shape.front() += vectors.shape().front();
        values.insert(values.end(), vectors.values().begin(), vectors.values().end());
    }
    if constexpr (is_complex<Value>)
        if (layer_.form == Form::transpose)
            for (Value& value : values) value = std::conj(value);
    write_npy(file, Tensor<Value>(shape, std::move(values)));
    found_.files.push_back({*request_.vectors, "right singular vectors " + to_string(shape)});
}

template <ScalarType S>
void Analysis<S>::write_files(OutputFiles& files) {
    if (request_.vectors) write_vectors(files.open(*request_.vectors));
    if (null_images_) {
        write_npy(files.open(*request_.null_space), *null_images_);
        std::string content = "null space " + to_string(null_images_->shape());
        content += fmt::format(", ||W n|| <= {:.2g} ||n|| of each n", *found_.null_space_residual);
        found_.files.push_back({*request_.null_space, std::move(content)});
    }
    if (request_.plot) {
        const std::string picture = picture_of(found_);
        files.open(*request_.plot).write(std::string_view(picture));
        found_.files.push_back({*request_.plot, "picture of the singular values"});
    }
}

} // namespace

SpectrumFindings analyse(const SpectrumRequest& request, const Layer& layer, OutputFiles& files) {
    return std::visit([&]<class S>(const Tensor<S>&) { return Analysis<S>(request, layer).run(files); }, *layer.kernel);
}

} // namespace convmat::cli
