# Libraries, headers, the CMake package and relocatable pkg-config files.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/convmat)
set(convmat_openmp OFF)
if(TARGET OpenMP::OpenMP_CXX)
  set(convmat_openmp ON)
endif()
set(convmat_components "")
foreach(component convmat identities picture io suitesparse)
  if(TARGET convmat::${component})
    list(APPEND convmat_components ${component})
  endif()
endforeach()

# An export for each component in each kind, convmat-io-static-targets.cmake and its like: convmat-config.cmake reads
# those whose dependencies are there.
foreach(component IN LISTS convmat_components)
  foreach(kind IN LISTS convmat_kinds)
    convmat_target(target ${component} ${kind})
    string(REPLACE convmat-convmat convmat export convmat-${component}-${kind}-targets)
    install(TARGETS ${target} EXPORT ${export} FILE_SET HEADERS)
    install(EXPORT ${export} NAMESPACE convmat:: DESTINATION ${config_dir})
  endforeach()
endforeach()
if(CONVMAT_SUITESPARSE)
  install(FILES cmake/convmat-suitesparse-dependencies.cmake DESTINATION ${config_dir})
endif()

configure_package_config_file(cmake/convmat-config.cmake.in convmat-config.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(convmat-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/convmat-config.cmake ${PROJECT_BINARY_DIR}/convmat-config-version.cmake
        DESTINATION ${config_dir})

# pkg-config finds all folders from the place of the file itself, so that an installed tree may be moved.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${pc_dir} OUTPUT_VARIABLE prefix_from_pc)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${pc_dir} OUTPUT_VARIABLE include_from_pc)
# What a static library leaves to be linked: with shared libraries beside it, whoever wants the static ones says
# `pkg-config --static`; without them nobody should have to. These are the libraries by name and no modules of
# pkg-config's, which would be linked with all that they in turn are made of.
set(pc_libs_convmat "")
if(convmat_openmp)
  foreach(library IN LISTS OpenMP_CXX_LIB_NAMES)
    if(library MATCHES "^(gomp|pthread)$")
      list(APPEND pc_libs_convmat -l${library})
    else()
      list(APPEND pc_libs_convmat ${OpenMP_${library}_LIBRARY}) # clang's is in a folder of its own
    endif()
  endforeach()
endif()
set(pc_libs_identities "")
set(pc_libs_picture "")
set(pc_libs_io ${libzip_LDFLAGS} -lpng)
set(pc_libs_suitesparse -lspqr -lumfpack -lklu -lcholmod -lsuitesparseconfig ${fftw3_LDFLAGS} ${lapacke_LDFLAGS}
                        ${blas_LDFLAGS})
foreach(component IN LISTS convmat_components)
  list(JOIN pc_libs_${component} " " pc_libs)
  set(pc_private "")
  if("shared" IN_LIST convmat_kinds)
    set(pc_private "${pc_libs}")
    set(pc_libs "")
  endif()
  string(REPLACE convmat-convmat convmat pc convmat-${component}.pc)
  configure_file(cmake/${pc}.in ${pc} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${pc} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
