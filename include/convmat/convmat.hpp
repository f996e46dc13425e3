#pragma once

/// All of convmat that needs Eigen alone (CMake target convmat::convmat). Not in here: files, convmat/io/*.hpp, which
/// need libzip and libpng (target convmat::io).

#include <convmat/base/error.hpp>
#include <convmat/base/random.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/base/types.hpp>
#include <convmat/base/version.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/conventions.hpp>
#include <convmat/geometry/padding.hpp>
#include <convmat/identities/catalogue.hpp>
#include <convmat/identities/random_case.hpp>
#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix/matrix2kernel.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/matrix_free/instruction_set.hpp>
#include <convmat/picture/curve.hpp>
#include <convmat/picture/figure.hpp>
#include <convmat/picture/l_curve.hpp>
#include <convmat/picture/maps.hpp>
#include <convmat/picture/spy.hpp>
#include <convmat/picture/steps.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/classes.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/related_layers.hpp>
