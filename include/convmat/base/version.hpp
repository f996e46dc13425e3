#pragma once

/// The version, for the preprocessor; the same numbers CMake and pkg-config report.
#define CONVMAT_VERSION_MAJOR 0
#define CONVMAT_VERSION_MINOR 1
#define CONVMAT_VERSION_PATCH 0
#define CONVMAT_VERSION "0.1.0"
