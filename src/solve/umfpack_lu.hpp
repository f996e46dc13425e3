#pragma once

#include <array>
#include <utility>

#include "direct.hpp"

namespace convmat::solve {

/// P R A Q = L U by UMFPACK, of a square matrix.
template <class S>
class UmfpackLu {
  public:
    explicit UmfpackLu(Columns<S> matrix); ///< analyses
    ~UmfpackLu();
    UmfpackLu(const UmfpackLu&) = delete;
    UmfpackLu& operator=(const UmfpackLu&) = delete;

    Prediction prediction() const;
    bool factorize(); ///< false where a pivot is 0
    void solve(const S* y, S* x);
    Index entries() const;
    double reciprocal_condition() const;
    std::pair<S, double> determinant(); ///< m and e with det = m 10^e

  private:
    Columns<S> matrix_;
    std::array<double, 20> control_{}; // UMFPACK_CONTROL
    std::array<double, 90> info_{};    // UMFPACK_INFO
    void* symbolic_ = nullptr;
    void* numeric_ = nullptr;
};

} // namespace convmat::solve
