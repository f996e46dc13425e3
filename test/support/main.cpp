// The main function of every test executable. Each test case gets its file's name as a label, so that the test cases of
// geometry/conventions/jax_test.cpp are run by --run_test=@geometry.conventions.jax.
#include <algorithm>
#include <string>
#include <string_view>

#define BOOST_TEST_NO_MAIN
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace boost::unit_test;

// "room.file" of a path like ".../test/room/file_test.cpp".
std::string name_of(std::string_view path) {
    constexpr std::string_view root = "test/", end = "_test.cpp";
    path.remove_prefix(path.rfind(root) + root.size());
    path.remove_suffix(end.size());
    std::string name(path);
    std::ranges::replace(name, '/', '.');
    return name;
}

class LabelByFile : public test_tree_visitor {
    void visit(const test_case& one) override {
        const const_string file = one.p_file_name;
        framework::get(one.p_id, TUT_CASE).add_label(name_of({file.begin(), file.size()}));
    }
};

bool prepare() {
    framework::master_test_suite().p_name.value = "convmat";
    LabelByFile label;
    traverse_test_tree(framework::master_test_suite(), label, true);
    return true;
}

} // namespace

int main(int count, char* arguments[]) { return unit_test_main(&prepare, count, arguments); }
