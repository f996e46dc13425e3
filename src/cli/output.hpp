#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace convmat::cli {

/// Writes to standard output at once, in ASCII where the locale is no UTF-8 (JSON is ASCII anyway). Throws FileError
/// when not all of it could be written.
void print(std::string_view text);

/// The same for a report: on a terminal in lines that fit into it.
void print_report(std::string_view text);

/// The text of a report as print_report() folds it.
std::string fitting(std::string_view text);

/// The text as print() writes it, which then takes no memory: for what is printed after files have appeared.
std::string printable(std::string_view text);

/// Writes to standard error, as much as it takes: what cannot be told changes nothing.
void tell(std::string_view text) noexcept;

/// A line on standard error while something long is done: shown only on a terminal, and gone when it is done.
class Progress {
  public:
    /// `cost` is the number of nonzeros to be written or read; small ones show nothing.
    Progress(std::string_view doing, std::ptrdiff_t cost);

    /// Of what takes a time that is not known before.
    explicit Progress(std::string_view doing);
    ~Progress();

    /// Replaces the line, at most a few times a second.
    void update(std::string_view doing);

    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

  private:
    bool shown_ = false;
    std::chrono::steady_clock::time_point last_ = {};
};

} // namespace convmat::cli
