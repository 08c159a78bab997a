#include "protocols/imap/capability.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mailscope::imap {
namespace {

struct Row {
  Extension extension;
  std::string_view words;
  bool before_log_in;
};

// In the order in which they are told.
constexpr Row kRows[] = {
    {Extension::Imap4Rev2, "IMAP4rev2", true},
    {Extension::LiteralPlus, "LITERAL+", true},
    {Extension::SaslIr, "SASL-IR", true},
    {Extension::Id, "ID", true},
    {Extension::Enable, "ENABLE", true},
    {Extension::Idle, "IDLE", false},
    {Extension::Namespace, "NAMESPACE", false},
    {Extension::Unselect, "UNSELECT", false},
    {Extension::UidPlus, "UIDPLUS", false},
    {Extension::Move, "MOVE", false},
    {Extension::Children, "CHILDREN", false},
    {Extension::ListExtended, "LIST-EXTENDED", false},
    {Extension::ListStatus, "LIST-STATUS", false},
    {Extension::SpecialUse, "SPECIAL-USE", false},
    {Extension::CreateSpecialUse, "CREATE-SPECIAL-USE", false},
    {Extension::StatusSize, "STATUS=SIZE", false},
    {Extension::Esearch, "ESEARCH", false},
    {Extension::SearchRes, "SEARCHRES", false},
    {Extension::Sort, "SORT", false},
    {Extension::Thread, "THREAD=ORDEREDSUBJECT THREAD=REFERENCES", false},
    {Extension::CondStore, "CONDSTORE", false},
    {Extension::QResync, "QRESYNC", false},
    {Extension::Binary, "BINARY", false},
    {Extension::MultiAppend, "MULTIAPPEND", false},
    {Extension::Quota, "QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE", false},
    {Extension::Utf8Accept, "UTF8=ACCEPT", false},
};

}  // namespace

std::optional<Extension> extension_of(Verb verb) {
  switch (verb) {
    case Verb::Id:
      return Extension::Id;
    case Verb::Enable:
      return Extension::Enable;
    case Verb::Namespace:
      return Extension::Namespace;
    case Verb::Idle:
      return Extension::Idle;
    case Verb::GetQuota:
    case Verb::GetQuotaRoot:
    case Verb::SetQuota:
      return Extension::Quota;
    case Verb::Unselect:
      return Extension::Unselect;
    case Verb::Move:
      return Extension::Move;
    case Verb::Sort:
      return Extension::Sort;
    case Verb::Thread:
      return Extension::Thread;
    default:
      return std::nullopt;
  }
}

std::string capability_words(const Announcement& announcement) {
  std::string words = "IMAP4rev1";
  for (const Row& row : kRows) {
    if (announcement.without.contains(row.extension)) continue;
    if (announcement.logged_in || row.before_log_in) words.append(" ").append(row.words);
  }
  if (announcement.logged_in) {
    if (!announcement.without.contains(Extension::AppendLimit))
      words += fmt::format(" APPENDLIMIT={}", announcement.append_octets_max);
    return words;
  }
  for (const std::string& mechanism : announcement.mechanisms) words += " AUTH=" + mechanism;
  if (announcement.login_disabled) words += " LOGINDISABLED";
  return words;
}

}  // namespace mailscope::imap
