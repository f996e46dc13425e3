#include "entry.hpp"

#include <convmat/taps/source_index.hpp>

namespace convmat::identities {

template <class S>
AnySides any_sides(Sides<S>&& sides) {
    return std::move(sides);
}

template <class S>
Sides<S> equal(const Matrix<S>& left, const Matrix<S>& right, double bound) {
    return {left.sparse(), right.sparse(), bound, Relation::equal};
}

template <class S>
Sides<S> at_most(const Matrix<S>& left, const Matrix<S>& right, double bound) {
    return {left.sparse(), right.sparse(), bound, Relation::at_most};
}

template <class S>
Matrix<S> w(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    return Matrix<S>(kernel2matrix(geometry, kernel));
}

template <class S>
Matrix<S> stated_outputs(const ConvGeometry& g, Index channels) {
    auto product = Matrix<S>::identity(channels);
    for (const Axis& axis : g.axes())
        product = product.kron(stride_selection<S>(axis.output, axis.formula_output(), 1));
    return product;
}

template <class S>
double magnitude(const IdentityCase<S>& c, Degree degree) {
    const auto sum = [](const Tensor<S>& values) {
        double total = 0;
        for (const S value : values.values()) total += size_of(value);
        return total;
    };
    double gain = 1; // of reading from outside
    for (const Axis& axis : c.geometry.axes())
        for (const Index q : {-axis.padding.begin, axis.input + axis.padding.end - 1}) {
            double coefficients = 0;
            for (const Source& source : sources(axis.boundary, axis.input, q))
                coefficients += std::abs(static_cast<double>(source.coefficient));
            gain *= std::max(coefficients, 1.0);
        }
    return std::pow(sum(c.kernel), degree.kernel) * std::pow(sum(c.x), degree.x) * std::pow(sum(c.y), degree.y) *
           std::pow(9 * summed(c), degree.drawn) * std::pow(gain, std::max(degree.kernel + degree.drawn, 1));
}

template <class S>
Tensor<S> drawn(const IdentityCase<S>& c, const Shape& shape, std::uint64_t which) {
    const Tensor<std::int64_t> integers = random_integers(shape, c.seed * 1000 + which);
    Tensor<S> values(shape);
    for (Index i = 0; i < values.size(); ++i) values[i] = whole<S>(integers[i]);
    return values;
}

template <class S>
Matrix<S> differing_rows(const Matrix<S>& left, const Matrix<S>& right) {
    std::vector<S> differs(static_cast<std::size_t>(std::max(left.rows(), right.rows())), S(1));
    for (Index row = 0; row < std::min(left.rows(), right.rows()) && left.cols() == right.cols(); ++row) {
        const Sparse<S> apart = left.sparse().middleRows(row, 1) - right.sparse().middleRows(row, 1);
        if (Matrix<S>(apart).nonzeros() == 0) differs[static_cast<std::size_t>(row)] = S(0);
    }
    return Matrix<S>::column(std::span<const S>(differs));
}

template AnySides any_sides(Sides<std::int64_t>&&);
template AnySides any_sides(Sides<double>&&);
template AnySides any_sides(Sides<std::complex<double>>&&);
template Sides<std::int64_t> equal(const Matrix<std::int64_t>&, const Matrix<std::int64_t>&, double);
template Sides<double> equal(const Matrix<double>&, const Matrix<double>&, double);
template Sides<std::complex<double>> equal(const Matrix<std::complex<double>>&, const Matrix<std::complex<double>>&,
                                           double);
template Sides<std::int64_t> at_most(const Matrix<std::int64_t>&, const Matrix<std::int64_t>&, double);
template Sides<double> at_most(const Matrix<double>&, const Matrix<double>&, double);
template Sides<std::complex<double>> at_most(const Matrix<std::complex<double>>&, const Matrix<std::complex<double>>&,
                                             double);
template Matrix<std::int64_t> w(const ConvGeometry&, const Tensor<std::int64_t>&);
template Matrix<double> w(const ConvGeometry&, const Tensor<double>&);
template Matrix<std::complex<double>> w(const ConvGeometry&, const Tensor<std::complex<double>>&);
template Matrix<std::int64_t> stated_outputs(const ConvGeometry&, Index);
template Matrix<double> stated_outputs(const ConvGeometry&, Index);
template Matrix<std::complex<double>> stated_outputs(const ConvGeometry&, Index);
template double magnitude(const IdentityCase<std::int64_t>&, Degree);
template double magnitude(const IdentityCase<double>&, Degree);
template double magnitude(const IdentityCase<std::complex<double>>&, Degree);
template Tensor<std::int64_t> drawn(const IdentityCase<std::int64_t>&, const Shape&, std::uint64_t);
template Tensor<double> drawn(const IdentityCase<double>&, const Shape&, std::uint64_t);
template Tensor<std::complex<double>> drawn(const IdentityCase<std::complex<double>>&, const Shape&, std::uint64_t);
template Matrix<std::int64_t> differing_rows(const Matrix<std::int64_t>&, const Matrix<std::int64_t>&);
template Matrix<double> differing_rows(const Matrix<double>&, const Matrix<double>&);
template Matrix<std::complex<double>> differing_rows(const Matrix<std::complex<double>>&,
                                                     const Matrix<std::complex<double>>&);

} // namespace convmat::identities
