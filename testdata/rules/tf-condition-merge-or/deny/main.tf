resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  policy = data.aws_iam_policy_document.all.json
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_rest_api.orders.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}

data "aws_iam_policy_document" "all" {
  statement {
    sid       = "Partner"
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
  statement {
    sid       = "NotThose"
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn"
      values   = ["arn:aws:iam::111122223333:role/Orders*"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:PrincipalArn" # expect: tf-condition-merge-or medium at "aws:PrincipalArn"
      values   = ["arn:aws:iam::111122223333:role/*Reader"]
    }
  }
}
