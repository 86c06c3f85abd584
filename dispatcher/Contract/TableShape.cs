namespace Disa.Contract;

/// <summary>What the functions know of the table of messages besides its name.</summary>
/// <param name="KeyNames">The names of its key attributes, the partition key's first.</param>
/// <param name="IsShared">
/// Whether it is the user's own table, which Disa was attached to: then an item without a message is other data of the user's, and
/// no concern of Disa's. In a table of Disa's own it is a message that lacks its text.
/// </param>
public sealed record TableShape(IReadOnlyList<string> KeyNames, bool IsShared)
{
    /// <summary>The attribute that an item must have for Disa to write on it: an update of an item that is gone would make a new one.</summary>
    public string Needed(ItemKey key) =>
        IsShared ? SendAttributes.Message : (key ?? throw new ArgumentNullException(nameof(key))).AttributeName;
}
