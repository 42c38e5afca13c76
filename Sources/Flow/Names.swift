internal import Campaigns
internal import Message

// Message and Campaigns both know addresses and attachments; in this room the plain names mean
// what campaigns mean by them.

typealias Attachment = Campaigns.Attachment
typealias KnownAddress = Campaigns.Address
typealias FieldAddress = Message.Address
