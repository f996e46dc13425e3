#pragma once

#include <array>
#include <vector>

#include "../convention.hpp"

namespace convmat::cli {

// A system's rows of the table, from the file of its name.
std::vector<Convention> convmat_rows();
std::vector<Convention> pytorch_rows();
std::vector<Convention> onnx_rows();
std::vector<Convention> tensorflow_rows();
std::vector<Convention> keras_rows();
std::vector<Convention> jax_rows();
std::vector<Convention> mxnet_rows();
std::vector<Convention> onednn_rows();
std::vector<Convention> matlab_rows();
std::vector<Convention> scipy_rows();
std::vector<Convention> numpy_rows();

/// The systems in the order in which they are listed.
inline constexpr std::array systems = {&convmat_rows, &pytorch_rows, &onnx_rows,  &tensorflow_rows,
                                       &keras_rows,   &jax_rows,     &mxnet_rows, &onednn_rows,
                                       &matlab_rows,  &scipy_rows,   &numpy_rows};

} // namespace convmat::cli
