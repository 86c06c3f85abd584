using System.Text.Json;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Tests;

/// <summary>The operators of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html, and of Lambda's event filtering.</summary>
public sealed class EventPatternTests
{
    [Theory]
    [InlineData("""{"source":["a"]}""", """{"source":"a","x":1}""", true)]
    [InlineData("""{"source":["a","b"]}""", """{"source":"b"}""", true)]
    [InlineData("""{"source":["a"]}""", """{"source":"A"}""", false)]
    [InlineData("""{"source":["a"],"d":{"s":["x"]}}""", """{"source":"a","d":{"s":"x"}}""", true)]
    [InlineData("""{"source":["a"],"d":{"s":["x"]}}""", """{"source":"a","d":{"s":"y"}}""", false)]
    [InlineData("""{"source":["a"]}""", """{}""", false)]
    [InlineData("""{"n":[300]}""", """{"n":3.0e2}""", true)]
    [InlineData("""{"n":[1]}""", """{"n":"1"}""", false)]
    [InlineData("""{"n":[null]}""", """{"n":null}""", true)]
    [InlineData("""{"n":[null]}""", """{}""", false)]
    [InlineData("""{"n":[true]}""", """{"n":true}""", true)]
    [InlineData("""{"n":[""]}""", """{"n":""}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":["y","x"]}""", true)]
    [InlineData("""{"a":{"b":["x"],"c":[1]}}""", """{"a":[{"b":"x","c":2},{"b":"y","c":1}]}""", false)]
    [InlineData("""{"a":{"b":["x"],"c":[1]}}""", """{"a":[{"b":"x","c":2},{"b":"x","c":1}]}""", true)]
    [InlineData("""{"a":[{"prefix":"ab"}]}""", """{"a":"abc"}""", true)]
    [InlineData("""{"a":[{"prefix":{"equals-ignore-case":"AB"}}]}""", """{"a":"abc"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":"x.png"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":7}""", false)]
    [InlineData("""{"a":[{"equals-ignore-case":"ALICE"}]}""", """{"a":"alice"}""", true)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":[{"anything-but":["x","y"]}]}""", """{"a":"y"}""", false)]
    [InlineData("""{"a":[{"anything-but":[1,2]}]}""", """{"a":3}""", true)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{}""", false)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"in"}}]}""", """{"a":"init"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"suffix":["x","y"]}}]}""", """{"a":"zy"}""", false)]
    [InlineData("""{"a":[{"numeric":["=",100]}]}""", """{"a":100.0}""", true)]
    [InlineData("""{"a":[{"numeric":[">",0,"<=",5]}]}""", """{"a":5}""", true)]
    [InlineData("""{"a":[{"numeric":[">",0,"<=",5]}]}""", """{"a":0}""", false)]
    [InlineData("""{"a":[{"numeric":[">",0]}]}""", """{"a":"5"}""", false)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":null}""", true)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":{"b":1}}""", false)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"b":1}""", true)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"a":1}""", false)]
    [InlineData("""{"a":{"b":[{"exists":false}]}}""", """{}""", true)]
    [InlineData("""{"a":[{"exists":false},"x"]}""", """{"a":"x"}""", true)]
    [InlineData("""{"$or":[{"a":["x"]},{"b":[{"numeric":[">",3]}]}]}""", """{"b":4}""", true)]
    [InlineData("""{"c":[1],"$or":[{"a":["x"]},{"b":["y"]}]}""", """{"a":"x","c":2}""", false)]
    [InlineData("""{"d":{"$or":[{"a":["x"]},{"b":["y"]}]}}""", """{"d":{"b":"y"}}""", true)]
    [InlineData("""{"a":[{"wildcard":"dir/*/x*.png"}]}""", """{"a":"dir/sub/x1.png"}""", true)]
    [InlineData("""{"a":[{"wildcard":"dir/*"}]}""", """{"a":"di/"}""", false)]
    [InlineData("""{"a":[{"wildcard":"a\\*b"}]}""", """{"a":"a*b"}""", true)]
    [InlineData("""{"a":[{"wildcard":"ab*ba"}]}""", """{"a":"aba"}""", false)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.0.255"}""", true)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.1.0"}""", false)]
    // A dot is a path, in patterns and in events (recorded on AWS).
    [InlineData("""{"detail":{"state.status":["running"]}}""", """{"detail":{"state":{"status":"running"}}}""", true)]
    [InlineData("""{"detail":{"state":{"status":["running"]}}}""", """{"detail":{"state.status":"running"}}""", true)]
    [InlineData("""{"detail":{"state.status":["running"]}}""", """{"detail":{"state.status":"running"}}""", true)]
    [InlineData("""{"detail.state.status":["running"]}""", """{"detail":{"state.status":"running"}}""", true)]
    [InlineData("""{"a":{"b":{"c":["x"]},"d":["y"]}}""", """{"a.b":{"c":"x"},"a.d":"y"}""", true)]
    [InlineData("""{"a.b":["x"]}""", """{"a":[{"b":"y"},{"b":"x"}]}""", true)]
    [InlineData("""{"a.b":[{"exists":false}]}""", """{"a":{"c":1}}""", true)]
    [InlineData("""{"a.b":[{"exists":true}]}""", """{"a":{"c":1}}""", false)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a.b":1}""", false)]
    [InlineData("""{"a":["x"],"a":["y"]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":["y"]}""", """{"a":"x","a":"y"}""", true)]
    [InlineData("""{"source":[{"prefix":""}]}""", """{"source":"any"}""", true)]
    [InlineData("""{"source":[{"prefix":""}]}""", """{"other":"any"}""", false)]
    [InlineData("""{"a":[{"suffix":""}]}""", """{"a":"any"}""", true)]
    [InlineData("""{"a":[{"wildcard":""}]}""", """{"a":""}""", true)]
    [InlineData("""{"a":[{"anything-but":{"wildcard":""}}]}""", """{"a":"x"}""", true)]
    public void An_event_matches_as_AWS_documents(string pattern, string json, bool expected) =>
        Assert.Equal(expected, EventPattern.Parse(pattern).Matches(JsonElement.Parse(json)));

    [Theory]
    [InlineData("", "Filter is not valid JSON")]
    [InlineData("[]", "Filter is not an object")]
    [InlineData("{}", "Empty objects are not allowed")]
    [InlineData("""{"source":"a"}""", "\"source\" must be an object or an array")]
    [InlineData("""{"source":[]}""", "Empty arrays are not allowed")]
    [InlineData("""{"a":[["x"]]}""", "Match value must be String, number, true, false, or null")]
    [InlineData("""{"a":[{"like":"x"}]}""", "Unrecognized match type like")]
    [InlineData("""{"a":[{"exists":"yes"}]}""", "exists match pattern must be either true or false.")]
    [InlineData("""{"a":[{"prefix":1}]}""", "prefix match pattern must be a string")]
    [InlineData("""{"a":[{"anything-but":[1,"x"]}]}""", "mixed type is not supported")]
    [InlineData("""{"a":[{"numeric":["~",1]}]}""", "Unrecognized numeric range operator: ~")]
    [InlineData("""{"a":[{"numeric":["<",1,">",0]}]}""", "Too many elements in numeric expression")]
    [InlineData("""{"a":[{"wildcard":"a**"}]}""", "Consecutive wildcard characters at pos 2")]
    [InlineData(
        """{"a":[{"anything-but":{"suffix":{"equals-ignore-case":".png"}}}]}""",
        "Value of anything-but must be an array or single string/number value."
    )]
    [InlineData("""{"a":[{"anything-but":{"prefix":27}}]}""", "prefix/suffix match pattern must be a string")]
    [InlineData("""{"a":[{"anything-but":{"suffix":""}}]}""", "Null prefix/suffix not allowed")]
    [InlineData(
        """{"a":[{"anything-but":{"equals-ignore-case":[1]}}]}""",
        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
    )]
    [InlineData("""{"a":[{"numeric":["<"]}]}""", "Value of < must be numeric")]
    [InlineData("""{"a":[{"numeric":[">",1,"=",2]}]}""", "Bad numeric range operator: =")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0"}]}""", "Malformed CIDR, one '/' required")]
    [InlineData("""{"a":[{"cidr":"xx.11.xx/8"}]}""", "Nonstandard IP address: xx.11.xx")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/xx"}]}""", "Malformed CIDR, mask bits must be an integer")]
    [InlineData("""{"a":[{"cidr":["10.0.0.0/8"]}]}""", "prefix match pattern must be a string")]
    public void A_bad_pattern_says_why(string pattern, string reason) =>
        Assert.Contains(reason, Assert.Throws<EventPatternException>(() => EventPattern.Parse(pattern)).Message, StringComparison.Ordinal);

    /// <summary>Where AWS saw the fault, as recorded on it 05-12-2024; a member of a list is named twice.</summary>
    [Theory]
    [InlineData("""{"int": 42}""", "\"int\" must be an object or an array", 11, 1)]
    [InlineData("""{"resources": []}""", "Empty arrays are not allowed", 17, 1)]
    [InlineData("""{"my_key": [{"EXISTS": true}]}""", "Unrecognized match type EXISTS", 28, 1)]
    [InlineData("""{"detail": {"c-count": [{"numeric": [">", 0, ">", 0]}]}}""", "Bad numeric range operator: >", 49, 1)]
    [InlineData("""{"EventBusArn": [{"wildcard": 123}]}""", "wildcard match pattern must be a string", 34, 1)]
    [InlineData("""{"time": [{"prefix": ["2022-07-13"]}]}""", "prefix match pattern must be a string", 23, 1)]
    [InlineData(
        """{"detail": {"FileName": [{"anything-but": {"suffix": [123, ".txt"]}}]}}""",
        "prefix/suffix match pattern must be a string",
        58,
        2
    )]
    [InlineData(
        "this is valid json but not a dict",
        "Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        5,
        1
    )]
    [InlineData("{'bad': 'quotation'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name", 2, 1)]
    public void A_bad_pattern_says_where(string pattern, string reason, int column, int times) =>
        Assert.Equal(
            reason + string.Concat(Enumerable.Repeat($"\n at [Source: (String)\"{pattern}\"; line: 1, column: {column}]", times)),
            Assert.Throws<EventPatternException>(() => EventPattern.Parse(pattern)).Message
        );

    /// <summary>A record that is passed over unread must be one that the whole pattern would refuse.</summary>
    [Theory]
    [InlineData("""{"eventName":["INSERT"]}""", "INSERT", true)]
    [InlineData("""{"eventName":["INSERT"]}""", "MODIFY", false)]
    [InlineData("""{"eventName":[{"anything-but":["REMOVE"]}]}""", "MODIFY", true)]
    [InlineData("""{"eventName":[{"anything-but":["REMOVE"]}]}""", "REMOVE", false)]
    [InlineData("""{"dynamodb":{"Keys":{"id":{"S":["a"]}}}}""", "REMOVE", true)]
    [InlineData("""{"$or":[{"eventName":["INSERT"]},{"awsRegion":["us-east-1"]}]}""", "REMOVE", true)]
    public void An_event_may_match_by_one_field(string pattern, string eventName, bool expected) =>
        Assert.Equal(
            expected,
            EventPattern.Parse(pattern, PatternDialect.Lambda).MayMatch("eventName", JsonElement.Parse($"\"{eventName}\""))
        );

    [Fact]
    public void A_mapping_filter_knows_no_wildcard() =>
        Assert.Throws<EventPatternException>(() => EventPattern.Parse("""{"a":[{"wildcard":"x*"}]}""", PatternDialect.Lambda));
}
