# convmat_developer(<target>): the warnings a developer build treats as errors, and headers read once for a whole target
# where builds are to be quick. Does nothing for consumers.
function(convmat_developer target)
  if(CONVMAT_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE <algorithm> <complex> <memory> <sstream> <string> <vector>
                                                <Eigen/SparseCore>)
  endif()
  if(CONVMAT_DEVELOPER)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                             -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual
                                             -Wcast-qual -Wformat=2 -Werror)
    if(NOT TARGET OpenMP::OpenMP_CXX)
      target_compile_options(${target} PRIVATE -Wno-unknown-pragmas)
    endif()
  endif()
endfunction()
