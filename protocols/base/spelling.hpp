// Words that are nearly the same, to offer what was perhaps meant when one is unknown.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace mailscope {

// How many letters have to be changed, put in, left out or swapped with their neighbour to make one
// of the other (optimal string alignment); case does not count. O(a.size() * b.size()).
std::size_t letters_apart(std::string_view a, std::string_view b);

// The known word with the fewest letters apart, the first of several; empty when none is near: more
// than a third of the letters, at most 3, would have to change. The view is the one in `known`.
std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace mailscope
