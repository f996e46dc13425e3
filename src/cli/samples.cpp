#include "samples.hpp"

#include "error.hpp"

namespace convmat::cli {

Shape Samples::shape_of_all(const Shape& one) const {
    Shape shape = one;
    if (layout == Layout::bare && one.front() == 1) shape.erase(shape.begin());
    if (layout == Layout::batch) shape.insert(shape.begin(), count);
    return shape;
}

Samples samples_of(const Shape& x, const Shape& one, const char* option) {
    if (x == one) return {};
    if (one.front() == 1 && x == Shape(one.begin() + 1, one.end())) return {Samples::Layout::bare, 1};
    if (x.size() == one.size() + 1 && Shape(x.begin() + 1, x.end()) == one) return {Samples::Layout::batch, x.front()};
    throw InputError(option, "shape " + to_string(x), to_string(one) + ", or a batch of that");
}

} // namespace convmat::cli
