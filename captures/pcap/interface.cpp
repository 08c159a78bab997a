#include "captures/pcap/interface.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <utility>

#include "captures/pcap/limits.hpp"
#include "captures/pcap/link_type.hpp"

namespace mailscope::pcap {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

struct Interface::State {
  std::string name;
  std::string problem;
  pcap_t* pcap = nullptr;
  std::uint16_t link_type = 1;
  int in_a_second = 1'000'000;  // ticks of a time stamp
  bool over = false;

  ~State() {
    if (pcap != nullptr) pcap_close(pcap);
  }
  std::string activate();
  std::string set_filter(const std::string& filter);
};

Interface::Interface(std::unique_ptr<State> state) : state_(std::move(state)) {}
Interface::Interface(Interface&&) noexcept = default;
Interface& Interface::operator=(Interface&&) noexcept = default;
Interface::~Interface() = default;

tl::expected<Interface, std::string> Interface::open(const std::string& name,
                                                     const std::string& filter) {
  auto state = std::make_unique<State>();
  state->name = name;
  char error[PCAP_ERRBUF_SIZE] = "";
  state->pcap = pcap_create(name.c_str(), error);
  if (state->pcap == nullptr) return tl::unexpected(name + ": " + error);
  std::string wrong = state->activate();
  if (wrong.empty()) wrong = state->set_filter(filter);
  if (!wrong.empty()) return tl::unexpected(name + ": " + wrong);
  return Interface(std::move(state));
}

// Empty, or what is wrong.
std::string Interface::State::activate() {
  pcap_set_snaplen(pcap, kSnapLength);
  pcap_set_immediate_mode(pcap, 1);
  if (pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0) in_a_second = kSecond;
  switch (pcap_activate(pcap)) {
    case PCAP_ERROR_PERM_DENIED:
      return "this user may not capture, root or CAP_NET_RAW would be right";
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return "there is no such interface, one of \"ip link\" would be right";
    case PCAP_ERROR_IFACE_NOT_UP:
      return "the interface is down, one that is up would be right";
    case PCAP_ERROR:
      return std::string(pcap_geterr(pcap)) + ", an interface that is up would be right";
    default:
      break;
  }
  char error[PCAP_ERRBUF_SIZE] = "";
  if (pcap_setnonblock(pcap, 1, error) != 0) return error;
  link_type = linktype_of_dlt(pcap_datalink(pcap));
  return {};
}

std::string Interface::State::set_filter(const std::string& filter) {
  if (filter.empty()) return {};
  bpf_program program{};
  if (pcap_compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return "\"" + filter + "\": " + pcap_geterr(pcap) +
           ", a filter like \"tcp port 25\" would be right";
  const int set = pcap_setfilter(pcap, &program);
  pcap_freecode(&program);
  return set == 0 ? "" : pcap_geterr(pcap);
}

Next Interface::next(Packet& packet) {
  if (state_->over) return Next::End;
  pcap_pkthdr* header = nullptr;
  const unsigned char* octets = nullptr;
  const int status = pcap_next_ex(state_->pcap, &header, &octets);
  if (status == 0) return Next::NothingYet;
  if (status != 1) {
    state_->over = true;
    state_->problem = state_->name + ": " + pcap_geterr(state_->pcap);
    return Next::End;
  }
  packet.at = std::int64_t{header->ts.tv_sec} * kSecond +
              std::int64_t{header->ts.tv_usec} * (kSecond / state_->in_a_second);
  packet.octets = {reinterpret_cast<const char*>(octets), header->caplen};
  packet.wire_octets = std::max(header->len, header->caplen);
  packet.link_type = state_->link_type;
  packet.file_offset = kOffsetUnknown;
  packet.kept = kNotKept;
  return Next::Frame;
}

const std::string& Interface::problem() const {
  return state_->problem;
}
int Interface::descriptor() const {
  return pcap_get_selectable_fd(state_->pcap);
}

}  // namespace mailscope::pcap
