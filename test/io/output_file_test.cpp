#include <convmat/io/output_file.hpp>

#include <csignal>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/files.hpp"
#include "support/throws_saying.hpp"

namespace output_file_test {

namespace {

using namespace convmat;
namespace fs = std::filesystem;
using test::content;
using test::put;
using test::TemporaryDirectory;
using test::throws_saying;

void write_whole(const fs::path& path, const std::string& text) {
    OutputFile file(path);
    file.write(text);
    file.commit();
}

fs::perms mode_of(const fs::path& path) { return fs::status(path).permissions(); }

} // namespace

BOOST_AUTO_TEST_CASE(the_target_appears_with_commit_and_not_before) {
    const TemporaryDirectory directory;
    OutputFile file(directory / "out");
    file.write("one ");
    file.write("two");
    BOOST_TEST(!fs::exists(directory / "out"));
    file.commit();
    BOOST_TEST(content(directory / "out") == "one two");
    BOOST_TEST(directory.size() == 1);
}

BOOST_AUTO_TEST_CASE(without_commit_the_target_stays_and_nothing_is_left) {
    const TemporaryDirectory directory;
    put(directory / "out", "old");
    { OutputFile(directory / "out").write("new"); }
    BOOST_TEST(content(directory / "out") == "old");
    BOOST_TEST(directory.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_new_file_has_the_mode_of_the_umask_and_a_replaced_one_keeps_its_own) {
    const TemporaryDirectory directory;
    const mode_t before = umask(027);
    write_whole(directory / "new", "x");
    umask(before);
    BOOST_TEST((mode_of(directory / "new") == fs::perms{0640}));
    put(directory / "old", "x");
    fs::permissions(directory / "old", fs::perms{0604});
    write_whole(directory / "old", "y");
    BOOST_TEST((mode_of(directory / "old") == fs::perms{0604}));
    BOOST_TEST(content(directory / "old") == "y");
}

BOOST_AUTO_TEST_CASE(a_link_stays_a_link_and_its_target_is_written) {
    const TemporaryDirectory directory;
    fs::create_directory(directory / "there");
    fs::create_symlink("there/file", directory / "link");
    fs::create_symlink("link", directory / "link_to_link");
    write_whole(directory / "link_to_link", "first"); // the file is not there yet
    write_whole(directory / "link", "second");
    BOOST_TEST(fs::is_symlink(directory / "link"));
    BOOST_TEST(fs::is_symlink(directory / "link_to_link"));
    BOOST_TEST(content(directory / "there/file") == "second");
    fs::create_symlink("loop", directory / "loop");
    throws_saying<FileError>([&] { OutputFile file(directory / "loop"); }, "loop: ");
}

BOOST_AUTO_TEST_CASE(a_name_without_a_directory_is_in_the_current_one) {
    const TemporaryDirectory directory;
    const fs::path before = fs::current_path();
    fs::current_path(directory.path());
    write_whole("out", "here");
    fs::current_path(before);
    BOOST_TEST(content(directory / "out") == "here");
}

BOOST_AUTO_TEST_CASE(special_files_are_written_directly) {
    const TemporaryDirectory directory;
    write_whole("/dev/null", "gone");
    BOOST_TEST(fs::is_character_file("/dev/null"));
    BOOST_TEST_REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
    std::string received;
    std::thread reader([&] { received = content(directory / "pipe"); });
    write_whole(directory / "pipe", "through");
    reader.join();
    BOOST_TEST(received == "through");
    BOOST_TEST(fs::is_fifo(directory / "pipe"));
}

BOOST_AUTO_TEST_CASE(a_name_of_an_open_descriptor_goes_on_where_it_is) {
    const TemporaryDirectory directory;
    std::FILE* stream = std::fopen((directory / "stream").c_str(), "w");
    std::fputs("before ", stream);
    std::fflush(stream);
    write_whole(concat("/dev/fd/", fileno(stream)), "inside ");
    write_whole(concat("/proc/self/fd/", fileno(stream)), "again ");
    std::fputs("after", stream);
    std::fclose(stream);
    BOOST_TEST(content(directory / "stream") == "before inside again after");
    BOOST_TEST(directory.size() == 1);
    throws_saying<FileError>([] { OutputFile file("/dev/fd/987654"); }, "/dev/fd/987654: Bad file descriptor");
}

BOOST_AUTO_TEST_CASE(a_full_device_is_told_with_the_name) {
    throws_saying<FileError>([] { write_whole("/dev/full", "x"); },
                             "/dev/full: No space left on device, expected room for 1 more bytes");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_target_is_refused_at_once) {
    const TemporaryDirectory directory;
    throws_saying<FileError>([&] { OutputFile file(directory.path()); }, "Is a directory, expected a file to write");
    throws_saying<FileError>([&] { OutputFile file(directory / "no/out"); }, "no/out: No such file or directory");
    throws_saying<FileError>([&] { OutputFile file(directory / "no/"); }, "No such file or directory");
    throws_saying<FileError>([] { OutputFile file(""); }, "expected the name of a file");
    BOOST_TEST(directory.size() == 0);
}

BOOST_AUTO_TEST_CASE(writing_after_commit_is_a_logic_error) {
    const TemporaryDirectory directory;
    OutputFile file(directory / "out");
    file.commit();
    throws_saying<ErrorAs<std::logic_error>>([&] { file.write("x"); }, "after commit");
    throws_saying<ErrorAs<std::logic_error>>([&] { file.commit(); }, "commit twice");
    BOOST_TEST(fs::file_size(directory / "out") == 0U);
}

BOOST_AUTO_TEST_CASE(s9_a_signal_that_ends_the_process_leaves_no_unfinished_file) {
    const TemporaryDirectory directory;
    for (const int signal :
         {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,   SIGBUS,  SIGFPE, SIGUSR1,  SIGSEGV, SIGUSR2,
          SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGSYS, SIGRTMIN, SIGKILL}) {
        const pid_t child = fork();
        if (child == 0) {
            const rlimit no_core = {0, 0};
            setrlimit(RLIMIT_CORE, &no_core);
            std::signal(signal, SIG_DFL);
            remove_unfinished_on_signals();
            OutputFile file(directory / "out");
            file.write("half");
            std::raise(signal);
            _exit(2);
        }
        int status = 0;
        waitpid(child, &status, 0);
        BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == signal));
        BOOST_TEST(directory.size() == 0);
    }
}

BOOST_AUTO_TEST_CASE(s9_a_signal_that_is_ignored_or_handled_stays_so) {
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGUSR1, SIG_IGN);
        std::signal(SIGUSR2, [](int) {});
        remove_unfinished_on_signals();
        std::raise(SIGUSR1);
        std::raise(SIGUSR2);
        std::raise(SIGCHLD);
        _exit(7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 7));
}

BOOST_AUTO_TEST_CASE(s7_files_appear_together_or_not_at_all) {
    const TemporaryDirectory directory;
    {
        OutputFiles files;
        files.open(directory / "one").write("1");
        files.open(directory / "two").write("2");
        BOOST_TEST(directory.size() == 0);
        files.commit();
    }
    BOOST_TEST(content(directory / "one") == "1");
    BOOST_TEST(content(directory / "two") == "2");
    BOOST_TEST(directory.size() == 2);
}

// What cannot be committed is one whose target has become a folder meanwhile.
BOOST_AUTO_TEST_CASE(s7_a_file_that_fails_takes_back_those_before_it) {
    const TemporaryDirectory directory;
    put(directory / "old", "before");
    fs::permissions(directory / "old", fs::perms{0640});
    {
        OutputFiles files;
        files.open(directory / "new").write("1");
        files.open(directory / "old").write("2");
        files.open(directory / "folder").write("3");
        files.open(directory / "last").write("4");
        fs::create_directory(directory / "folder");
        throws_saying<FileError>([&] { files.commit(); }, "folder: ");
        BOOST_TEST(!fs::exists(directory / "new"));
        BOOST_TEST(content(directory / "old") == "before");
    }
    BOOST_TEST((mode_of(directory / "old") == fs::perms{0640}));
    BOOST_TEST(directory.size() == 2);
}

BOOST_AUTO_TEST_CASE(s7_two_names_of_one_file_are_refused) {
    const TemporaryDirectory directory;
    fs::create_symlink("one", directory / "link");
    OutputFiles files;
    files.open(directory / "one").write("1");
    throws_saying<FileError>([&] { files.open(directory / "./link"); }, "./link: the same file as ");
}

BOOST_AUTO_TEST_CASE(s10_a_replaced_file_lends_its_permissions_and_no_more) {
    const TemporaryDirectory directory;
    for (const unsigned mode : {04755U, 02775U, 01777U, 0600U}) {
        put(directory / "old", "x");
        fs::permissions(directory / "old", fs::perms{mode});
        write_whole(directory / "old", "y");
        BOOST_TEST((mode_of(directory / "old") == fs::perms{mode & 0777U}));
        fs::remove(directory / "old");
    }
}

} // namespace output_file_test
