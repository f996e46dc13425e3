# Libraries, headers, the CMake package and a relocatable pkg-config file.
include(CMakePackageConfigHelpers)

set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/convmat)
# A static library leaves its own dependencies to whoever links it.
get_target_property(type convmat TYPE)
set(convmat_static OFF)
if(type STREQUAL "STATIC_LIBRARY")
  set(convmat_static ON)
endif()
set(convmat_io ${CONVMAT_IO})
set(convmat_openmp OFF)
if(TARGET OpenMP::OpenMP_CXX)
  set(convmat_openmp ON)
endif()

install(TARGETS convmat EXPORT convmat-targets FILE_SET HEADERS)
if(CONVMAT_IO)
  install(TARGETS convmat_io EXPORT convmat-targets FILE_SET HEADERS)
endif()
install(EXPORT convmat-targets NAMESPACE convmat:: DESTINATION ${config_dir})

configure_package_config_file(cmake/convmat-config.cmake.in convmat-config.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(convmat-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/convmat-config.cmake ${PROJECT_BINARY_DIR}/convmat-config-version.cmake
        DESTINATION ${config_dir})

# pkg-config finds the prefix from the place of the file itself, so that an installed tree may be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE prefix_from_pc)
set(openmp_flag "")
if(TARGET OpenMP::OpenMP_CXX)
  set(openmp_flag ${OpenMP_CXX_FLAGS})
endif()
configure_file(cmake/convmat.pc.in convmat.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/convmat.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(CONVMAT_IO)
  configure_file(cmake/convmat-io.pc.in convmat-io.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/convmat-io.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
