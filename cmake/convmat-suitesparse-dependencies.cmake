# What convmat::suitesparse is built with and, when it is a static library, linked with: SuiteSparse::SuiteSparse
# (CHOLMOD, SPQR, UMFPACK and KLU; Debian's has no CMake package), PkgConfig::fftw3, PkgConfig::lapacke and
# PkgConfig::blas. Whatever is not there is named in convmat_suitesparse_missing.
set(convmat_suitesparse_missing "")

find_path(SuiteSparse_INCLUDE_DIR SuiteSparseQR.hpp PATH_SUFFIXES suitesparse)
find_library(SuiteSparse_CHOLMOD cholmod)
find_library(SuiteSparse_SPQR spqr)
find_library(SuiteSparse_UMFPACK umfpack)
find_library(SuiteSparse_KLU klu)
find_library(SuiteSparse_CONFIG suitesparseconfig)
mark_as_advanced(SuiteSparse_INCLUDE_DIR SuiteSparse_CHOLMOD SuiteSparse_SPQR SuiteSparse_UMFPACK SuiteSparse_KLU
                 SuiteSparse_CONFIG)
if(SuiteSparse_INCLUDE_DIR
   AND SuiteSparse_CHOLMOD
   AND SuiteSparse_SPQR
   AND SuiteSparse_UMFPACK
   AND SuiteSparse_KLU
   AND SuiteSparse_CONFIG)
  if(NOT TARGET SuiteSparse::SuiteSparse)
    add_library(SuiteSparse::SuiteSparse INTERFACE IMPORTED)
    target_include_directories(SuiteSparse::SuiteSparse INTERFACE ${SuiteSparse_INCLUDE_DIR})
    target_link_libraries(SuiteSparse::SuiteSparse INTERFACE ${SuiteSparse_SPQR} ${SuiteSparse_UMFPACK}
                                                             ${SuiteSparse_KLU} ${SuiteSparse_CHOLMOD}
                                                             ${SuiteSparse_CONFIG})
  endif()
else()
  list(APPEND convmat_suitesparse_missing libsuitesparse-dev)
endif()

find_package(PkgConfig QUIET)
foreach(module fftw3 lapacke blas)
  if(PkgConfig_FOUND)
    pkg_check_modules(${module} QUIET IMPORTED_TARGET ${module})
  endif()
  if(NOT TARGET PkgConfig::${module})
    list(APPEND convmat_suitesparse_missing lib${module}-dev)
  endif()
endforeach()
