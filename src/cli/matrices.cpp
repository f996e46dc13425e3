#include "matrices.hpp"

namespace convmat::cli {

template <class S>
auto Matrices<S>::of(const ConvPattern<Eigen::RowMajor, int>& pattern, const Kernel& kernel, ExplicitZeros zeros)
    -> Rows32 {
    return pattern.matrix(kernel, zeros);
}

template <class S>
auto Matrices<S>::of(const ConvPattern<Eigen::ColMajor, int>& pattern, const Kernel& kernel, ExplicitZeros zeros)
    -> Columns32 {
    return pattern.matrix(kernel, zeros);
}

template <class S>
auto Matrices<S>::of(const ConvPattern<Eigen::RowMajor, std::int64_t>& pattern, const Kernel& kernel,
                     ExplicitZeros zeros) -> Rows64 {
    return pattern.matrix(kernel, zeros);
}

template <class S>
auto Matrices<S>::of(const ConvPattern<Eigen::ColMajor, std::int64_t>& pattern, const Kernel& kernel,
                     ExplicitZeros zeros) -> Columns64 {
    return pattern.matrix(kernel, zeros);
}

template struct Matrices<float>;
template struct Matrices<double>;
template struct Matrices<std::complex<float>>;
template struct Matrices<std::complex<double>>;
template struct Matrices<std::int64_t>;

} // namespace convmat::cli
