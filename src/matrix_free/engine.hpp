#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "correlation.hpp"
#include "kernels/kernels.hpp"
#include "packed_weights.hpp"
#include "row_blocks.hpp"
#include "schedule.hpp"

namespace convmat::matrix_free {

/// Computes one correlation. Safe to use from several threads at once; what one apply needs is kept for the next.
template <class Real>
class Engine {
  public:
    Engine(Correlation correlation, const Real* kernel, bool conjugated, const Tiles<Real>& tiles);
    ~Engine();

    /// dest = the correlation of source, image by image.
    void apply(const Real* source, Real* dest, const Request& request) const;

  private:
    struct Workspace;
    class Worker;

    std::unique_ptr<Workspace> borrow(const Request& request) const;
    void give_back(std::unique_ptr<Workspace> workspace) const;
    Index typical_vectors() const;

    Correlation correlation_;
    const Tiles<Real>& tiles_;
    std::vector<RowBlock> blocks_;
    PackedWeights<Real> weights_;
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<Workspace>> idle_;
};

extern template class Engine<float>;
extern template class Engine<double>;
extern template class Engine<std::uint64_t>;

} // namespace convmat::matrix_free
