using System.Text.Json;
using Amazon.DynamoDBv2.Model;

namespace Disa.Contract.Tests;

public sealed class ItemKeyTests
{
    [Theory]
    [InlineData("""{"sequenceNo":{"S":"order-7"}}""", "order-7", "sequenceNo S order-7", "15")]
    [InlineData("""{"sequenceNo":{"N":"1"}}""", "1", "sequenceNo N 1", "11")]
    [InlineData("""{"sequenceNo":{"B":"AQI="}}""", "AQI=", "sequenceNo B AQI=", "12")]
    public void A_key_of_one_attribute_is_called_by_its_value(string json, string id, string identity, string shard)
    {
        var key = ItemKey.Parse(JsonElement.Parse(json));
        Assert.Equal((id, identity, shard, "sequenceNo"), (key.Id, key.Identity, key.Shard, key.AttributeName));
        Assert.Equal(json, key.Json.GetRawText());
    }

    /// <summary>As the AWS CLI takes it after --key, with the names in one order and no more escapes than JSON needs.</summary>
    [Fact]
    public void A_key_of_two_attributes_is_called_by_its_DynamoDB_JSON()
    {
        var key = ItemKey.Parse(JsonElement.Parse("""{"b":{"N":"2"},"a":{"S":"ü<'\""}}"""));
        Assert.Equal("""{"a":{"S":"ü<'\""},"b":{"N":"2"}}""", key.Id);
        Assert.Equal("a S ü<'\"\nb N 2", key.Identity);
        Assert.Equal("a", key.AttributeName);
        Assert.Equal("13", ItemKey.Parse(JsonElement.Parse("""{"a":{"S":"x"},"b":{"N":"2"}}""")).Shard);
    }

    [Fact]
    public void Bytes_in_a_composite_key_are_in_base64() =>
        Assert.Equal(
            """{"a":{"B":"+/8="},"b":{"S":"1"}}""",
            ItemKey
                .Of(
                    new Dictionary<string, AttributeValue>
                    {
                        ["a"] = new() { B = new([0xfb, 0xff]) },
                        ["b"] = new("1"),
                    }
                )
                .Id
        );

    [Theory]
    [InlineData("[]", "A key has at least one attribute.")]
    [InlineData("{}", "A key has at least one attribute.")]
    [InlineData("""{"a":{"BOOL":true}}""", "A key is of type S, N or B, not BOOL.")]
    [InlineData("""{"a":"1"}""", """A key's value is DynamoDB JSON, such as {"S": "1"}.""")]
    [InlineData("""{"a":{}}""", """A key's value is DynamoDB JSON, such as {"S": "1"}.""")]
    public void What_is_not_a_key_is_refused_in_words(string json, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ItemKey.Parse(JsonElement.Parse(json))).Message);

    [Fact]
    public void The_key_of_an_item_is_its_key_attributes_alone()
    {
        var item = new Dictionary<string, AttributeValue>
        {
            ["sequenceNo"] = new("1"),
            ["part"] = new() { N = "2" },
            ["message"] = new("Hello."),
        };
        var key = ItemKey.Of(item, ["sequenceNo", "part"]);
        Assert.Equal("""{"part":{"N":"2"},"sequenceNo":{"S":"1"}}""", key.Id);
        Assert.Equal(["part", "sequenceNo"], key.ToDictionary().Keys.Order());
        Assert.Throws<KeyNotFoundException>(() => ItemKey.Of(item, ["missing"]));
        Assert.Equal("attributes", Assert.Throws<ArgumentNullException>(() => ItemKey.Of(null!)).ParamName);
        Assert.Equal("item", Assert.Throws<ArgumentNullException>(() => ItemKey.Of(null!, ["sequenceNo"])).ParamName);
    }

    [Fact]
    public void A_key_outlives_the_document_that_it_was_read_from()
    {
        ItemKey key;
        using (var document = JsonDocument.Parse("""{"sequenceNo":{"S":"1"}}"""))
        {
            key = ItemKey.Parse(document.RootElement);
        }

        Assert.Equal("""{"sequenceNo":{"S":"1"}}""", key.Json.GetRawText());
    }

    [Fact]
    public void The_dictionary_of_a_key_is_the_callers_own()
    {
        var key = ItemKey.Parse(JsonElement.Parse("""{"sequenceNo":{"S":"1"}}"""));
        key.ToDictionary().Clear();
        Assert.Equal("1", key.Attributes["sequenceNo"].S);
    }
}
