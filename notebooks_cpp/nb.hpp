// What the notebooks share: loading convmat, showing tables, matrices and pictures, checking claims.
// Works with the kernel in tools/, with xeus-cpp, and in a compiled program, which prints the text alternatives.
#pragma once
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include <convmat/picture/figure.hpp>
#include <xcpp/xdisplay.hpp>

namespace nb {

/// Loads convmat's libraries from $CONVMAT_LIBRARIES, else ../build/notebooks/src, else the system. It stands in an
/// earlier cell than the first use of convmat. A program made by nb2cpp.py is linked with them: there it does nothing.
inline void load() {
#ifndef NB_PROGRAM
    const char* named = std::getenv("CONVMAT_LIBRARIES");
    const std::string built = "../build/notebooks/src";
    const std::string folder = named ? named : std::filesystem::exists(built) ? built : "";
    for (const char* name : {"libconvmat.so", "libconvmat_identities.so", "libconvmat_picture.so", "libconvmat_io.so",
                             "libconvmat_suitesparse.so"})
        if (!dlopen((folder.empty() ? name : folder + "/" + name).c_str(), RTLD_NOW | RTLD_GLOBAL))
            throw std::runtime_error(std::string(dlerror()) + "; scripts/notebooks builds convmat's libraries, and "
                                                              "CONVMAT_LIBRARIES may name another folder of them");
#endif
}

/// Prints "✓ statement", or throws: a notebook with a false claim fails.
inline void check(bool holds, const std::string& statement) {
    if (!holds) throw std::runtime_error("this does not hold: " + statement);
    std::cout << "✓ " << statement << '\n';
}

/// Runs a shell command and prints what it writes to stdout; throws when it fails.
inline void run(const std::string& command) {
    std::cout << std::flush;
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) throw std::runtime_error("cannot run " + command);
    for (int c; (c = std::fgetc(pipe)) != EOF;) std::cout.put(static_cast<char>(c));
    std::cout << std::flush;
    if (const int status = pclose(pipe); status != 0)
        throw std::runtime_error(command + " ended with status " + std::to_string(status));
}

struct Bundle {
    nlohmann::json data;
};
inline nlohmann::json mime_bundle_repr(const Bundle& bundle) { return bundle.data; }

/// Shows data of a type; a program and a screen without it show the text `alt`.
inline void show_as(const char* type, const std::string& data, const std::string& alt) {
    Bundle bundle;
    bundle.data[type] = data;
    bundle.data["text/plain"] = alt;
    xcpp::display(bundle);
}
inline void svg(const std::string& text, const std::string& alt) { show_as("image/svg+xml", text, alt); }
inline void html(const std::string& text, const std::string& alt) { show_as("text/html", text, alt); }

/// Shows a picture; its text alternative is what a terminal would show.
inline void show(const convmat::Figure& figure) {
    svg(convmat::figure_svg(figure), convmat::figure_text(figure, {.columns = 100}));
}

} // namespace nb

#include "nb_table.hpp" // nb::table, nb::show(matrix)
