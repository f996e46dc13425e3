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
get_target_property(linked convmat LINK_LIBRARIES)
if("OpenMP::OpenMP_CXX" IN_LIST linked)
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

# pkg-config finds all folders from the place of the file itself, so that an installed tree may be moved.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${pc_dir} OUTPUT_VARIABLE prefix_from_pc)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR BASE_DIRECTORY ${pc_dir} OUTPUT_VARIABLE include_from_pc)
set(openmp_flag "")
if(convmat_openmp)
  set(openmp_flag ${OpenMP_CXX_FLAGS})
endif()
set(pc_files convmat.pc)
if(CONVMAT_IO)
  list(APPEND pc_files convmat-io.pc)
endif()
foreach(pc IN LISTS pc_files)
  configure_file(cmake/${pc}.in ${pc} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${pc} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
