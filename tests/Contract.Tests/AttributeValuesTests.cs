using Amazon.DynamoDBv2.Model;

namespace Disa.Contract.Tests;

public sealed class AttributeValuesTests
{
    /// <summary>Values that differ from one another in type, in value or in what they contain.</summary>
    private static readonly AttributeValue[] Different =
    [
        new() { S = "1" },
        new() { S = "2" },
        new() { S = "" },
        new() { N = "1" },
        new() { N = "2" },
        new() { BOOL = true },
        new() { BOOL = false },
        new() { L = [new("1")] },
        new() { L = [new("2")] },
        new() { L = [new("1"), new("2")] },
        new() { L = [new("2"), new("1")] },
        new() { M = new() { ["a"] = new("1") } },
        new() { M = new() { ["a"] = new("2") } },
        new() { M = new() { ["b"] = new("1") } },
        new()
        {
            M = new() { ["a"] = new("1"), ["b"] = new("1") },
        },
        new() { M = new() { ["a"] = new() { L = [new("1")] } } },
    ];

    [Fact]
    public void A_value_is_the_same_as_itself_and_as_no_other()
    {
        for (var one = 0; one < Different.Length; one++)
        {
            for (var other = 0; other < Different.Length; other++)
            {
                Assert.True(
                    AttributeValues.Same(Different[one], Different[other]) == (one == other),
                    $"{one} and {other} were taken for {(one == other ? "different" : "the same")}"
                );
            }
        }
    }

    /// <summary>The SDK shows a list or map that is not there as null or as an empty one, as AWSConfigs.InitializeCollections says.</summary>
    [Fact]
    public void No_collection_is_the_same_as_an_empty_one()
    {
        Assert.True(AttributeValues.Same(new() { S = "1" }, new() { S = "1", L = [] }));
        Assert.True(AttributeValues.Same(new() { S = "1", M = [] }, new() { S = "1" }));
        Assert.True(AttributeValues.Same(new() { S = "1" }, new() { S = "1", M = [] }));
        Assert.False(AttributeValues.Same(new() { L = [] }, new() { L = [new("1")] }));
        Assert.False(AttributeValues.Same(new() { M = [] }, new() { M = new() { ["a"] = new("1") } }));
    }

    [Fact]
    public void An_item_has_what_was_written_whatever_else_is_on_it()
    {
        var item = new Dictionary<string, AttributeValue>
        {
            ["sendStatus"] = new("Successful"),
            ["sendAttempts"] = new() { N = "2" },
            ["mine"] = new("mine"),
        };
        Assert.True(AttributeValues.Has(item, [new("sendStatus", new("Successful")), new("sendAttempts", new() { N = "2" })]));
        Assert.False(AttributeValues.Has(item, [new("sendStatus", new("Successful")), new("sendAttempts", new() { N = "3" })]));
        Assert.False(AttributeValues.Has(item, [new("sendReason", new("Held"))]));
        Assert.True(AttributeValues.Has(item, []));
    }

    [Fact]
    public void An_item_that_is_gone_has_nothing()
    {
        Assert.False(AttributeValues.Has(null, []));
        Assert.False(AttributeValues.Has(new Dictionary<string, AttributeValue>(), []));
    }

    [Fact]
    public void Nothing_cannot_be_compared()
    {
        Assert.Equal("written", Assert.Throws<ArgumentNullException>(() => AttributeValues.Has(null, null!)).ParamName);
        Assert.Equal("one", Assert.Throws<ArgumentNullException>(() => AttributeValues.Same(null!, new())).ParamName);
        Assert.Equal("other", Assert.Throws<ArgumentNullException>(() => AttributeValues.Same(new(), null!)).ParamName);
    }
}
