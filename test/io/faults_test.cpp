// What the refusals of files are about, as data: the file, what was found there and what was expected. What every
// damaged file is told of is tested beside its format.
#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/io/any.hpp>
#include <convmat/io/image.hpp>
#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/io/npz.hpp>
#include <convmat/io/output_file.hpp>

#include "files.hpp"
#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(the_parameter_is_the_file) {
    const test::TemporaryDirectory directory;
    const auto none = directory / "none", text = directory / "text";
    test::put(text, "hello, this is text");
    const Fault missing = {none.string(), {}, "No such file or directory", "a file that can be read"};
    throws_fault<FileError>([&] { read_npy(none); }, missing);
    throws_fault<FileError>([&] { read_png(none); }, missing);
    throws_fault<FileError>([&] { read_matrix_market(none); }, missing);
    throws_fault<FileError>([&] { read_scipy_npz(none); }, missing);
    throws_fault<FileError>([&] { read_png(text); }, {text.string(), {}, "no PNG signature", "a PNG"});
    throws_fault<FileError>([&] { OutputFile file(directory.path()); },
                            {directory.path().string(), {}, "Is a directory", "a file to write"});
    OutputFile written(none);
    written.commit();
    const std::string once = "one commit, and nothing after it";
    throws_fault<ErrorAs<std::logic_error>>([&] { written.write("x"); },
                                            {none.string(), {}, "OutputFile::write after commit", once});
    throws_fault<ErrorAs<std::logic_error>>([&] { written.commit(); },
                                            {none.string(), {}, "OutputFile::commit twice", once});
    throws_fault<ShapeError>(
        [&] {
            write_png(none, Tensor<double>({2, 3, 3}));
        },
        {"image", {}, "2x3x3", "HxW, 1xHxW or 3xHxW with extents from 1 to 1000000"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
