# A library is one set of objects, of which the static and the shared kind are made: BUILD_SHARED_LIBS says which kind
# convmat::convmat and its like are in this build, CONVMAT_BOTH_KINDS asks for the other one too.
include(${CMAKE_CURRENT_LIST_DIR}/batches.cmake)

set(convmat_kinds static)
if(BUILD_SHARED_LIBS)
  set(convmat_kinds shared)
endif()
if(CONVMAT_BOTH_KINDS)
  set(convmat_kinds ${convmat_kinds} static shared)
  list(REMOVE_DUPLICATES convmat_kinds) # the first one is this build's
endif()

# convmat_target(<variable> <component> <kind>): the target's name, without the kind where it is this build's.
function(convmat_target variable component kind)
  set(name convmat_${component}_${kind})
  string(REPLACE convmat_convmat convmat name ${name})
  list(GET convmat_kinds 0 usual)
  if(kind STREQUAL usual)
    string(REGEX REPLACE "_${kind}$" "" name ${name})
  endif()
  set(${variable} ${name} PARENT_SCOPE)
endfunction()

# convmat_objects(<name> <file>... LINK <target>...): what both kinds of a library are made of.
function(convmat_objects name)
  cmake_parse_arguments(PARSE_ARGV 1 objects "" "" "LINK")
  add_library(${name} OBJECT ${objects_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_compile_features(${name} PRIVATE cxx_std_20)
  target_link_libraries(${name} PRIVATE Eigen3::Eigen ${objects_LINK})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_EXTENSIONS OFF
                                           CXX_VISIBILITY_PRESET default)
  convmat_developer(${name})
  convmat_harden(${name})
  convmat_batches(${name})
endfunction()

# convmat_library(<component> SOURCES <file of src/>... COLD <file of src/>... HEADERS <file of include/convmat/>...
# [PRIVATE <target>...]) gives convmat::<component>. All but convmat::convmat itself are linked with that. COLD: sources
# as convmat_cold() has them.
function(convmat_library component)
  cmake_parse_arguments(PARSE_ARGV 1 library "" "" "SOURCES;COLD;HEADERS;PRIVATE")
  list(GET convmat_kinds 0 usual)
  convmat_target(name ${component} ${usual})
  list(TRANSFORM library_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/convmat/)
  file(GLOB headers CONFIGURE_DEPENDS ${library_HEADERS})

  set(objects "")
  if(library_SOURCES)
    file(GLOB sources CONFIGURE_DEPENDS ${library_SOURCES})
    convmat_objects(${name}_objects ${sources} LINK ${library_PRIVATE})
    list(APPEND objects $<TARGET_OBJECTS:${name}_objects>)
  endif()
  if(library_COLD)
    file(GLOB sources CONFIGURE_DEPENDS ${library_COLD})
    convmat_objects(${name}_cold_objects ${sources} LINK ${library_PRIVATE})
    convmat_cold(${name}_cold_objects)
    list(APPEND objects $<TARGET_OBJECTS:${name}_cold_objects>)
  endif()

  foreach(kind IN LISTS convmat_kinds)
    convmat_target(target ${component} ${kind})
    string(TOUPPER ${kind} type)
    add_library(${target} ${type} ${objects})
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${headers})
    target_compile_features(${target} PUBLIC cxx_std_20)
    set(core Eigen3::Eigen)
    if(NOT component STREQUAL "convmat")
      convmat_target(core convmat ${kind})
    endif()
    target_link_libraries(${target} PUBLIC ${core} PRIVATE ${library_PRIVATE})
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} EXPORT_NAME ${component} VERSION ${PROJECT_VERSION}
                                               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
                                               VERIFY_INTERFACE_HEADER_SETS OFF)
    convmat_run_path(${target} "$ORIGIN")
    convmat_harden(${target})
  endforeach()
  # Both kinds have the same headers: they are checked once.
  set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${CONVMAT_CHECK_HEADERS})
  add_library(convmat::${component} ALIAS ${name})
endfunction()
