data "aws_vpc_peering_connection" "partner" {
  id = "pcx-0aaaaaaaaaaaaaaa1"
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = ["REGIONAL"] }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_vpc_peering_connection.partner.peer_owner_id}:root" } # expect: untrusted-account medium possible
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
