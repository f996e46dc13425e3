#pragma once

#include <cstdlib>
#include <string>

#include <boost/test/unit_test.hpp>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/matrix_free/instruction_set.hpp>
#include <convmat/reference/loops.hpp>

#include "support/random_layer.hpp"

namespace convmat::test {

/// Operators made while it lives use this instruction set.
class WithInstructionSet {
  public:
    explicit WithInstructionSet(std::string_view name) {
        setenv("CONVMAT_INSTRUCTION_SET", std::string(name).c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    }
    ~WithInstructionSet() { unsetenv("CONVMAT_INSTRUCTION_SET"); } // NOLINT(concurrency-mt-unsafe)
    WithInstructionSet(const WithInstructionSet&) = delete;
    WithInstructionSet& operator=(const WithInstructionSet&) = delete;
};

inline void set_threads([[maybe_unused]] int threads) {
#if defined(_OPENMP)
    omp_set_num_threads(threads);
#endif
}

/// `check()` with every instruction set this processor runs.
template <class Check>
void with_every_instruction_set(const Check& check) {
    for (const std::string_view name : instruction_sets()) {
        const WithInstructionSet set(name);
        BOOST_TEST_CONTEXT("instruction set " << name) { check(); }
    }
}

/// W x and W^T y by the operator equal the loops, exactly.
template <ScalarType Scalar>
void equals_the_loops(RandomLayers& layers, const ConvGeometry& geometry) {
    const auto kernel = layers.integers<Scalar>(geometry.kernel_shape());
    const auto x = layers.integers<Scalar>(geometry.input_shape());
    const auto y = layers.integers<Scalar>(geometry.output_shape());
    const ConvOperator<Scalar> op(geometry, kernel);
    Tensor<Scalar> wx(geometry.output_shape());
    Tensor<Scalar> wty(geometry.input_shape());
    op.apply(x.data(), wx.data());
    op.transpose().apply(y.data(), wty.data());
    BOOST_TEST((wx == reference::convolve(geometry, kernel, x)), "W x of " << describe(geometry));
    BOOST_TEST((wty == reference::transpose(geometry, kernel, y)), "W^T y of " << describe(geometry));
}

} // namespace convmat::test
