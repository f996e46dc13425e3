#pragma once

#include <cstdlib>
#include <string>

#include "random_layer.hpp"

namespace convmat::test {

/// How many cases a long random test draws, and from which seed on: case i has a seed of its own, seed + i, so that one
/// that failed is run again alone. scripts/stress sets CONVMAT_STRESS to "COUNT SEED".
struct Drawn {
    int count;
    unsigned seed;

    explicit Drawn(int usual) : count(share(usual)), seed(1) {
        const char* const text = std::getenv("CONVMAT_STRESS"); // NOLINT(concurrency-mt-unsafe)
        if (text == nullptr) return;
        char* rest = nullptr;
        count = static_cast<int>(std::strtol(text, &rest, 10));
        seed = static_cast<unsigned>(std::strtoul(rest, nullptr, 10));
    }
};

} // namespace convmat::test
