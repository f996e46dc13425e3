# The floors and limits of the sources, and that the check of them can fail: each tree below breaks one rule.
add_test(NAME house.floors COMMAND ${CONVMAT_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/check_floors)
set_tests_properties(house.floors PROPERTIES LABELS house TIMEOUT 60)

# house_refuses(<name> <file with the violation> <its text> <what the check says>)
function(house_refuses name file text message)
  set(tree ${CMAKE_CURRENT_BINARY_DIR}/house/${name})
  file(WRITE ${tree}/${file} "${text}")
  add_test(NAME house.refuses_${name} COMMAND ${PROJECT_SOURCE_DIR}/scripts/expect_failure "^${file}:${message}"
           ${CONVMAT_PYTHON} ${PROJECT_SOURCE_DIR}/scripts/check_floors ${tree})
  set_tests_properties(house.refuses_${name} PROPERTIES LABELS house TIMEOUT 60)
endfunction()

house_refuses(a_higher_floor include/convmat/base/high.hpp "#pragma once\n\n#include <convmat/matrix/pattern.hpp>\n"
              "3: base includes matrix, which is not on a lower floor$")
house_refuses(the_same_floor src/taps/twin.cpp "#include \"../reference/loops.hpp\"\n"
              "1: taps includes reference, which is not on a lower floor$")
house_refuses(a_private_header_of_another_room src/matrix/row_fill.cpp "#include \"../base/secret.hpp\"\n"
              "1: matrix includes a private header of base$")
house_refuses(a_private_header_of_numerics_below_it src/matrix/twin.cpp "#include \"../numerics/dense_svd.hpp\"\n"
              "1: matrix includes numerics, which is not on a lower floor$")
house_refuses(io_in_the_umbrella include/convmat/convmat.hpp "#pragma once\n#include <convmat/io/npy.hpp>\n"
              "2: the umbrella includes io, which is in a target of its own$")
house_refuses(pictures_in_the_umbrella include/convmat/convmat.hpp "#pragma once\n#include <convmat/picture/spy.hpp>\n"
              "2: the umbrella includes picture, which is in a target of its own$")
house_refuses(an_unknown_room src/attic/old.cpp "#include <convmat/base/types.hpp>\n" "1: attic is on no floor")
house_refuses(a_header_without_a_guard include/convmat/base/bare.hpp "namespace convmat {}\n"
              "1: a header without #pragma once$")
string(REPEAT "//\n" 300 lines)
house_refuses(a_long_header src/base/long.hpp "#pragma once\n${lines}"
              "301: a header of 301 lines, expected at most 300$")
string(REPEAT "x" 120 line)
house_refuses(a_long_comment src/base/wide.cpp "int x; // ${line}\n"
              "1: a comment of 130 columns, expected at most 120$")
house_refuses(a_long_comment_of_a_test test/base/wide.cpp "int x; // ${line}\n"
              "1: a comment of 130 columns, expected at most 120$")
house_refuses(a_long_comment_of_a_script scripts/wide "#!/bin/bash\n# ${line}\n"
              "2: a comment of 122 columns, expected at most 120$")
house_refuses(a_using_directive_in_a_header src/base/all.hpp "#pragma once\nusing namespace std;\n"
              "2: a using-directive in a header, expected using-declarations$")
set(other ${CMAKE_CURRENT_BINARY_DIR}/house/a_header_without_a_test/test/base)
file(WRITE ${other}/tensor_test.cpp "")
house_refuses(a_header_without_a_test include/convmat/base/shape.hpp "#pragma once\n"
              "1: a public header without test/base/shape_test.cpp$")

# Every script says what it does.
file(GLOB scripts CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/scripts ${PROJECT_SOURCE_DIR}/scripts/*)
foreach(script IN LISTS scripts)
  add_test(NAME house.help_of_${script} COMMAND ${PROJECT_SOURCE_DIR}/scripts/${script} --help)
  set_tests_properties(house.help_of_${script} PROPERTIES LABELS house TIMEOUT 60
                                                          PASS_REGULAR_EXPRESSION "scripts/${script}")
endforeach()

# What is compiled with -O1 holds none of Eigen's dense products (see convmat_cold()); and the check of it can fail.
get_property(cold GLOBAL PROPERTY CONVMAT_COLD)
list(TRANSFORM cold REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE cold)
add_test(NAME house.cold_code COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_cold ${cold} COMMAND_EXPAND_LISTS)
set_tests_properties(house.cold_code PROPERTIES LABELS house TIMEOUT 60)
if(TARGET convmat_suitesparse_objects)
  add_test(NAME house.refuses_products_in_cold_code
           COMMAND ${PROJECT_SOURCE_DIR}/scripts/expect_failure "holds Eigen's dense products"
                   ${PROJECT_SOURCE_DIR}/scripts/check_cold $<TARGET_OBJECTS:convmat_suitesparse_objects>
           COMMAND_EXPAND_LISTS)
  set_tests_properties(house.refuses_products_in_cold_code PROPERTIES LABELS house TIMEOUT 60)
endif()
