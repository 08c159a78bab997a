#include "captures/observe/connection_findings.hpp"

#include <fmt/format.h>

#include <utility>

namespace mailscope::observe {

void ConnectionFindings::add(trace::Trace& trace, trace::Finding finding) {
  Kind* kind = nullptr;
  for (Kind& known : kinds_)
    if (known.code == finding.code) kind = &known;
  if (!kind) {
    if (kinds_.size() >= kKindsMax) return;
    kinds_.push_back({finding.code, 0, finding.severity, finding.rfc});
    kind = &kinds_.back();
  }
  if (++kind->seen <= kOfOneKindMax) trace.findings.push_back(std::move(finding));
}

void ConnectionFindings::finish(trace::Trace& trace, trace::Id connection, trace::Time at) {
  for (const Kind& kind : kinds_) {
    if (kind.seen <= kOfOneKindMax) continue;
    trace::Finding rest;
    rest.severity = kind.severity;
    rest.code = kind.code;
    rest.at = at;
    rest.connection = connection;
    rest.text = fmt::format("{} more like this on the connection", kind.seen - kOfOneKindMax);
    rest.rfc = kind.rfc;
    trace.findings.push_back(std::move(rest));
  }
  kinds_.clear();
}

}  // namespace mailscope::observe
