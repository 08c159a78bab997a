// The findings of one connection: each kind at most so often, what is over it counted in one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/trace/trace.hpp"

namespace mailscope::observe {

class ConnectionFindings {
 public:
  static constexpr std::uint32_t kOfOneKindMax = 20;
  static constexpr std::size_t kKindsMax = 64;

  // `finding.code` names the kind.
  void add(trace::Trace& trace, trace::Finding finding);
  // "12 more like this", where some were left out.
  void finish(trace::Trace& trace, trace::Id connection, trace::Time at);

 private:
  struct Kind {
    std::string code;
    std::uint32_t seen = 0;
    trace::Severity severity = trace::Severity::Note;
    std::string rfc;
  };
  std::vector<Kind> kinds_;
};

}  // namespace mailscope::observe
