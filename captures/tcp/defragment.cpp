#include "captures/tcp/defragment.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mailscope::tcp {
namespace {

constexpr std::uint32_t kDatagramOctetsMax = 65'535;
constexpr std::size_t kRecordOctets = 512;  // counted for each datagram beside its octets

std::string key_of(const Decoded& fragment) {
  const std::size_t address_octets = fragment.ip_version == 6 ? 16 : 4;
  std::string key;
  key.reserve(2 * address_octets + 6);
  for (const IpAddress* address : {&fragment.source, &fragment.destination})
    key.append(reinterpret_cast<const char*>(address->octets.data()), address_octets);
  for (int shift = 0; shift < 32; shift += 8)
    key += static_cast<char>(fragment.fragment_id >> shift & 0xff);
  key += static_cast<char>(fragment.ip_version);
  // IPv6: only the first fragment's next header counts (RFC 8200 §4.5), so it is not in the key.
  key += static_cast<char>(fragment.ip_version == 6 ? 0 : fragment.protocol);
  return key;
}

}  // namespace

void Defragmenter::forget(std::list<Pending>::iterator which) {
  octets_ -= which->octets.size() + kRecordOctets;
  pending_.erase(which);
}

void Defragmenter::make_room(Time now, std::size_t octets_wanted) {
  while (!pending_.empty()) {
    const Time age = now - pending_.front().begun;
    const bool old = now > pending_.front().begun && age > limits_.age_max;
    if (!old && pending_.size() < limits_.datagrams_max &&
        octets_ + octets_wanted <= limits_.octets_max)
      return;
    forget(pending_.begin());
  }
}

std::list<Defragmenter::Pending>::iterator Defragmenter::find_or_begin(const Decoded& fragment,
                                                                       Time at) {
  std::string key = key_of(fragment);
  const auto found = std::find_if(pending_.begin(), pending_.end(),
                                  [&key](const Pending& p) { return p.key == key; });
  if (found != pending_.end()) return found;
  make_room(at, kDatagramOctetsMax);
  Pending& pending = pending_.emplace_back();
  pending.key = std::move(key);
  pending.begun = at;
  octets_ += kRecordOctets;
  return std::prev(pending_.end());
}

// Puts in what no earlier fragment has brought.
void Defragmenter::place(Pending& pending, std::uint32_t begin, std::string_view octets,
                         const FrameRef& frame) {
  const std::uint32_t end = begin + static_cast<std::uint32_t>(octets.size());
  std::uint32_t at = begin;
  std::vector<Run> added;
  const auto add_until = [&](std::uint32_t stop) {
    if (at >= stop) return;
    FrameRef piece = frame;
    piece.payload_at += at - begin;
    added.push_back({at, stop - at, piece});
  };
  for (const Run& run : pending.runs) {
    if (run.begin + run.octets <= at) continue;
    if (run.begin >= end) break;
    add_until(std::min(run.begin, end));
    at = std::max(at, run.begin + run.octets);
  }
  add_until(end);
  for (const Run& run : added) {
    std::memcpy(pending.octets.data() + run.begin, octets.data() + (run.begin - begin), run.octets);
    pending.held += run.octets;
  }
  pending.runs.insert(pending.runs.end(), added.begin(), added.end());
  std::sort(pending.runs.begin(), pending.runs.end(),
            [](const Run& a, const Run& b) { return a.begin < b.begin; });
}

// Without holes up to the last fragment's end. Octets may lie behind that where fragments lie.
bool Defragmenter::complete(const Pending& pending) {
  if (pending.total == 0 || pending.held < pending.total) return false;
  std::uint32_t reached = 0;
  for (const Run& run : pending.runs) {
    if (reached >= pending.total) break;
    if (run.begin > reached) return false;
    reached = run.begin + run.octets;
  }
  return reached >= pending.total;
}

bool Defragmenter::add(const Decoded& fragment, std::string_view frame_octets,
                       const FrameRef& frame, Datagram& whole) {
  const std::uint32_t begin = fragment.fragment_offset;
  const std::uint32_t octets = fragment.payload_octets;
  if (octets == 0 || octets < fragment.payload_wire_octets) return false;
  if (begin + octets > kDatagramOctetsMax) return false;
  // All but the last carry a multiple of 8 octets: the others could never be continued.
  if (fragment.more_fragments && octets % 8 != 0) return false;
  const auto pending = find_or_begin(fragment, frame.at);
  if (pending->runs.size() >= limits_.fragments_max) {
    forget(pending);
    return false;
  }
  if (!fragment.more_fragments && pending->total == 0) pending->total = begin + octets;
  if (pending->octets.size() < begin + octets) {
    octets_ += begin + octets - pending->octets.size();
    pending->octets.resize(begin + octets);
  }
  FrameRef here = frame;
  here.payload_at = fragment.payload_at;
  place(*pending, begin, frame_octets.substr(fragment.payload_at, octets), here);
  if (!complete(*pending)) return false;
  done_ = std::move(*pending);
  octets_ -= done_.octets.size() + kRecordOctets;
  pending_.erase(pending);
  whole.payload = std::string_view(done_.octets).substr(0, done_.total);
  whole.runs = &done_.runs;
  return true;
}

}  // namespace mailscope::tcp
