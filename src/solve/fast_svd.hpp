#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../numerics/decomposition.hpp"
#include "refusal.hpp"
#include "system.hpp"

namespace convmat::solve {

/// A = U diag(values) V^H of one group of a layer, where U and V are known by structure; L^H L V = V diag(penalties).
///
/// Only r columns of U and V are meant, r >= rank A: y is U c and a part that A cannot reach, x is in the range of V.
/// Of the coefficients of real arrays one of each conjugate pair may be kept; its weight is 2.
template <class S>
class FastSvd {
  public:
    virtual ~FastSvd() = default;

    virtual void analyse(const S* y, Complex* c) const = 0;       ///< c = U^H y
    virtual void synthesise(const Complex* c, S* x) const = 0;    ///< x = V c
    virtual void analyse_input(const S* x, Complex* c) const = 0; ///< c = V^H x

    Index size() const { return std::ssize(values); }

    std::vector<double> values;    ///< σ, in no order
    std::vector<double> penalties; ///< p
    std::vector<double> weights;   ///< w
};

template <class S>
using FastSvds = std::vector<std::unique_ptr<FastSvd<S>>>; ///< one a group

/// The axes of a layer transformed away, such that what is left are small blocks, one a frequency: found once, asked as
/// often as it takes.
template <class S>
class Transformable {
  public:
    Transformable(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form);

    Objection objection(Penalty penalty) const; ///< also where L is not diagonal with A
    bool has_fourier_axis() const;
    double operations() const; ///< of the decompositions, about
    double bytes() const;      ///< that they keep
    FastSvds<S> svds(Penalty penalty) const;

    struct Group; ///< one piece of the layer, its transforms and its blocks
  private:
    Form form_;
    double vectors_ = 0; // values of x and y together
    std::vector<std::shared_ptr<const Group>> groups_;
};

/// A layer as a Kronecker product of small factors, separated once; their dense decompositions are its SVD.
template <class S>
class Separable {
  public:
    Separable(const ConvGeometry& geometry, const Tensor<S>& kernel, Form form);

    Objection objection(Penalty penalty) const;
    double operations() const;
    double bytes() const;
    FastSvds<S> svds() const;

  private:
    Form form_;
    double vectors_ = 0;
    double unknowns_each_ = 0; // of a group
    std::vector<numerics::Product<S>> products_;
};

} // namespace convmat::solve
