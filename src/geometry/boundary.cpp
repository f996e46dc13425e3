#include <convmat/geometry/boundary.hpp>

#include <string>

#include <convmat/base/error.hpp>

namespace convmat {

std::string_view to_string(Boundary boundary) {
    switch (boundary) {
    case Boundary::zero:
        return "zero";
    case Boundary::periodic:
        return "periodic";
    case Boundary::half_symmetric:
        return "half_symmetric";
    case Boundary::whole_symmetric:
        return "whole_symmetric";
    case Boundary::replicate:
        return "replicate";
    case Boundary::antireflective:
        return "antireflective";
    }
    throw GeometryError({.parameter = "boundary",
                         .value = concat(static_cast<int>(boundary)),
                         .expected = "an enumerator",
                         .sentence = concat("boundary: no enumerator has the value ", static_cast<int>(boundary))});
}

Boundary boundary_from_string(std::string_view name) {
    std::string known;
    for (const Boundary boundary : all_boundaries) {
        if (name == to_string(boundary)) return boundary;
        known += concat(known.empty() ? "" : ", ", to_string(boundary));
    }
    throw GeometryError({.parameter = "boundary",
                         .value = std::string(name),
                         .expected = concat("one of ", known),
                         .sentence = concat("boundary '", name, "' is none of ", known)});
}

} // namespace convmat
