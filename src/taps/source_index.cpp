#include <convmat/taps/source_index.hpp>

#include <algorithm>

#include <convmat/base/checked.hpp>

namespace convmat {
namespace {

Sources at(Index position) {
    Sources one;
    one.add(position, 1);
    return one;
}

// q folded by mirrors about both edges, a period apart; `last` is the position that position 0 of the next period
// mirrors to.
Index mirror(Index q, Index period, Index last) {
    const Index r = floor_mod(q, period);
    return std::min(r, last - r);
}

// With L = n - 1 and q = 2 L c + r, -L < r <= L:  x(q) = x(r) + 2 c (x[L] - x[0]),  x(r) = 2 x[0] - x[-r] for r < 0.
Sources odd_reflection(Index n, Index q) {
    const Index last = n - 1;
    if (last == 0) return at(0);
    const Index cycles = floor_div(q + last - 1, 2 * last);
    const Index r = q - 2 * last * cycles;
    Sources sum;
    sum.add(0, -2 * cycles);
    sum.add(last, 2 * cycles);
    if (r >= 0) {
        sum.add(r, 1);
    } else {
        sum.add(0, 2);
        sum.add(-r, -1);
    }
    return sum;
}

} // namespace

void Sources::add(Index position, Index coefficient) {
    Source* const last = items_.data() + count_;
    Source* const place =
        std::find_if(items_.data(), last, [&](const Source& item) { return item.position >= position; });
    if (place == last || place->position != position) {
        if (coefficient == 0) return;
        std::move_backward(place, last, last + 1);
        *place = {position, coefficient};
        ++count_;
    } else if ((place->coefficient += coefficient) == 0) {
        std::move(place + 1, last, place);
        --count_;
    }
}

Sources sources(Boundary boundary, Index n, Index q) {
    if (q >= 0 && q < n) return at(q);
    switch (boundary) {
    case Boundary::zero:
        return {};
    case Boundary::periodic:
        return at(floor_mod(q, n));
    case Boundary::half_symmetric:
        return at(mirror(q, 2 * n, 2 * n - 1));
    case Boundary::whole_symmetric:
        return at(n == 1 ? 0 : mirror(q, 2 * n - 2, 2 * n - 2));
    case Boundary::replicate:
        return at(std::clamp<Index>(q, 0, n - 1));
    case Boundary::antireflective:
        return odd_reflection(n, q);
    }
    return {};
}

} // namespace convmat
