#include "frequencies.hpp"

#include <utility>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/positions.hpp>

namespace convmat::numerics {

Frequencies::Frequencies(std::vector<DiagonalAxis> axes) : axes_(std::move(axes)) {
    for (const DiagonalAxis& axis : axes_) {
        count_ = checked_mul(count_, axis.count, "frequencies");
        aliases_ *= axis.aliases;
    }
}

Shape Frequencies::position_of(Index frequency) const {
    Shape counts;
    for (const DiagonalAxis& axis : axes_) counts.push_back(axis.count);
    return unravel(frequency, counts);
}

// This and the next two are asked for every frequency: numbers from the last axis outwards, without arrays of indices.
Index Frequencies::input_of(Index frequency, Index alias) const {
    Index number = 0, step = 1;
    for (std::size_t j = axes_.size(); j-- > 0;) {
        const DiagonalAxis& axis = axes_[j];
        number += (frequency % axis.count + alias % axis.aliases * axis.count) * step;
        step *= axis.count * axis.aliases;
        frequency /= axis.count;
        alias /= axis.aliases;
    }
    return number;
}

Index Frequencies::conjugate_of(Index frequency) const {
    Index number = 0, step = 1;
    for (std::size_t j = axes_.size(); j-- > 0; frequency /= axes_[j].count) {
        const Index count = axes_[j].count, at = frequency % count;
        number += (axes_[j].transform == AxisTransform::fourier ? (count - at) % count : at) * step;
        step *= count;
    }
    return number;
}

Index Frequencies::conjugate_alias(Index frequency, Index alias) const {
    Index number = 0, step = 1;
    for (std::size_t j = axes_.size(); j-- > 0;) {
        const DiagonalAxis& axis = axes_[j];
        const Index f = frequency % axis.count + alias % axis.aliases * axis.count, n = axis.count * axis.aliases;
        const Index other = axis.transform == AxisTransform::fourier ? (n - f) % n : f;
        number += other / axis.count * step;
        step *= axis.aliases;
        frequency /= axis.count;
        alias /= axis.aliases;
    }
    return number;
}

std::vector<Frequency> Frequencies::listed(Pairs pairs) const {
    require_memory(checked_mul(count_, Index{sizeof(Frequency)}, "frequencies"), "a list of frequencies");
    std::vector<Frequency> all;
    all.reserve(static_cast<std::size_t>(count_));
    for (Index f = 0; f < count_; ++f) {
        const Index other = pairs == Pairs::conjugate ? conjugate_of(f) : f;
        if (other < f) continue; // listed there, as the conjugate
        all.push_back({f, false});
        if (other > f) all.push_back({f, true});
    }
    return all;
}

} // namespace convmat::numerics
