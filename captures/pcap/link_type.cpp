#include "captures/pcap/link_type.hpp"

#include <pcap/pcap.h>

namespace mailscope::pcap {

std::uint16_t linktype_of_dlt(int dlt) {
  switch (dlt) {
    case DLT_RAW:
      return 101;
    case DLT_ATM_RFC1483:
      return 100;
    case DLT_SLIP_BSDOS:
      return 102;
    case DLT_PPP_BSDOS:
      return 103;
    default:
      return static_cast<std::uint16_t>(dlt);
  }
}

}  // namespace mailscope::pcap
