// What the test programs share beside Catch2.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mailscope::testing {

// The root of the tree, and the folder in which it is built: no slash at the end.
const std::string& source_dir();
const std::string& binary_dir();

// The case that calls it (and returns) lacks something and ends as skipped; what it found wrong
// before is a failure all the same. A program of which every case was skipped ends with 77.
void skip(std::string_view why);

// One more case, for a static variable's initialization: `const bool kAdded = add_case(...)`. Its
// name is a sentence that ctest can find.
bool add_case(const std::string& name, std::function<void()> run);

// `text` is what the file below tests/ holds. With MAILSCOPE_APPROVE set the file is written
// instead and the case fails: whoever approves reads the difference and runs it again.
void check_golden(const std::string& file, const std::string& text);

}  // namespace mailscope::testing
